import type { FileInfo } from '@parley/client-sdk';
import { useRoom } from '@parley/client-sdk/react';
import { Download, File as FileIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import { formatBytes } from '../../../lib/formatBytes.ts';
import { useAct, type Act } from '../useAct.ts';
import { FileName } from './FileName.tsx';
import { ImageViewer } from './ImageViewer.tsx';
import styles from './MessageFiles.module.css';
import { useFileUrl } from './useFileUrl.ts';

/** The files of a message: pictures are shown, all else is a line to save it by. */
export function MessageFiles({ files }: { files: readonly FileInfo[] }) {
  const save = useSave();
  if (files.length === 0) return null;
  return (
    <ul className={styles.list}>
      {files.map((file) => (
        <li key={file.fileId}>
          {file.isImage ? <Picture file={file} onSave={() => save(file)} /> : null}
          {file.isImage ? null : <Row file={file} onSave={() => save(file)} />}
        </li>
      ))}
    </ul>
  );
}

interface Props {
  file: FileInfo;
  onSave: () => void;
}

function Row({ file: { name, size }, onSave }: Props) {
  return (
    <button
      type="button"
      className={styles.row}
      aria-label={`Save ${name}, ${formatBytes(size)}`}
      data-testid="chat-file"
      onClick={onSave}
    >
      <FileIcon size={20} aria-hidden className={styles.icon} />
      <span className={styles.about}>
        <FileName name={name} className={styles.name} />
        <span className={styles.size}>{formatBytes(size)}</span>
      </span>
      <Download size={18} aria-hidden className={styles.icon} />
    </button>
  );
}

function Picture({ file, onSave }: Props) {
  const frame = useRef<HTMLButtonElement>(null);
  const { url, failed, retry } = useFileUrl(file.fileId, frame);
  const [enlarged, setEnlarged] = useState(false);
  // A picture that browsers cannot read after all is a file like others.
  if (failed) return <Row file={file} onSave={onSave} />;
  return (
    <>
      <button
        ref={frame}
        type="button"
        className={styles.picture}
        aria-label={`Enlarge ${file.name}`}
        data-testid="chat-image"
        onClick={() => setEnlarged(true)}
      >
        <img
          src={url}
          alt={file.name}
          width={file.width ?? undefined}
          height={file.height ?? undefined}
          decoding="async"
          draggable={false}
          onError={retry}
        />
      </button>
      {enlarged && url !== undefined && (
        <ImageViewer file={file} url={url} onSave={onSave} onClose={() => setEnlarged(false)} />
      )}
    </>
  );
}

/** Has the browser save a file; it never opens it. */
function useSave(): (file: FileInfo) => void {
  const room = useRoom();
  const act: Act = useAct();
  return ({ fileId, name }) =>
    act(
      room.chat.getFileUrl(fileId).then((url) => {
        const link = document.createElement('a');
        link.href = url;
        link.download = name;
        link.click();
      }),
    );
}
