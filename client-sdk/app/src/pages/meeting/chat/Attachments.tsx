import { File as FileIcon, X } from 'lucide-react';
import { useCallback } from 'react';
import { formatBytes } from '../../../lib/formatBytes.ts';
import styles from './Attachments.module.css';
import { FileName } from './FileName.tsx';
import type { Attachments as Chosen } from './useAttachments.ts';
import type { Upload } from './useUploads.ts';

/** What is read here as a picture is one of these; the server looks at the content. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The files that go with the message. */
export function Attachments({ attachments: { files, remove } }: { attachments: Chosen }) {
  if (files.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Files to send">
      {files.map((file, index) => (
        <li key={index} className={styles.item} data-testid="chat-attachment">
          <Thumbnail file={file} />
          <FileName name={file.name} className={styles.name} />
          <span className={styles.size}>{formatBytes(file.size)}</span>
          <button
            type="button"
            className={styles.remove}
            aria-label={`Do not send ${file.name}`}
            onClick={() => remove(file)}
          >
            <X size={16} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Thumbnail({ file }: { file: File }) {
  const show = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image) return undefined;
      const url = URL.createObjectURL(file);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  return SHOWN.has(file.type) ? (
    <img ref={show} className={styles.thumbnail} alt="" />
  ) : (
    <FileIcon size={18} aria-hidden className={styles.icon} />
  );
}

/** The files that are on their way. */
export function Uploads({ uploads }: { uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Files being sent">
      {uploads.map(({ key, names, done, cancel }) => (
        <li key={key} className={styles.item} data-testid="chat-upload">
          <span className={styles.name}>{names}</span>
          <progress className={styles.progress} max={1} value={done} aria-label={`Sending ${names}`} />
          <button
            type="button"
            className={styles.remove}
            aria-label={`Stop sending ${names}`}
            onClick={cancel}
          >
            <X size={16} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
