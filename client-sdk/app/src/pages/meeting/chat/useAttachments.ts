import { useContext, useState } from 'react';
import { NotifyContext } from '../useAct.ts';

/** Most files of one message. */
const MAX_FILES = 10;

export interface Attachments {
  files: readonly File[];
  add: (files: Iterable<File>) => void;
  remove: (file: File) => void;
  clear: () => void;
}

/** Files that go with the message that is being written. */
export function useAttachments(): Attachments {
  const notify = useContext(NotifyContext);
  const [files, setFiles] = useState<readonly File[]>([]);
  return {
    files,
    add: (added) => {
      const more = [...added];
      if (files.length + more.length > MAX_FILES)
        notify(`A message can have ${MAX_FILES} files. Send the others after it.`);
      setFiles((now) => [...now, ...more].slice(0, MAX_FILES));
    },
    remove: (file) => setFiles((now) => now.filter((one) => one !== file)),
    clear: () => setFiles([]),
  };
}
