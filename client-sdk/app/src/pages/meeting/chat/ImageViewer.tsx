import type { FileInfo } from '@parley/client-sdk';
import { Download, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '../../../ui/IconButton.tsx';
import styles from './ImageViewer.module.css';

interface Props {
  file: FileInfo;
  url: string;
  onSave: () => void;
  onClose: () => void;
}

/** A picture as large as the window allows. */
export function ImageViewer({ file, url, onSave, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label={file.name}
      data-testid="image-viewer"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={styles.header}>
        <span className={styles.name}>{file.name}</span>
        <IconButton label="Save" icon={Download} look="quiet" onClick={onSave} />
        <IconButton label="Close picture" icon={X} look="quiet" onClick={onClose} />
      </header>
      <div className={styles.frame} onClick={onClose}>
        <img src={url} alt={file.name} />
      </div>
    </dialog>
  );
}
