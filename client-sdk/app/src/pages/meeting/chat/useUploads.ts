import type { SendFilesOptions } from '@parley/client-sdk';
import { useRoom } from '@parley/client-sdk/react';
import { useContext, useState } from 'react';
import { fileErrorText } from '../../../lib/fileErrorTexts.ts';
import { NotifyContext } from '../useAct.ts';

export interface Upload {
  key: number;
  names: string;
  /** 0 to 1. */
  done: number;
  cancel: () => void;
}

export interface Outgoing extends Pick<SendFilesOptions, 'text' | 'to' | 'replyTo'> {
  files: readonly File[];
}

let lastKey = 0;

/**
 * Messages whose files are on their way. They go on when the panel is closed. What could not be sent is given back to
 * `returned`, so that nothing has to be chosen or written again.
 */
export function useUploads(returned: (message: Outgoing) => void): {
  uploads: readonly Upload[];
  start: (message: Outgoing) => void;
} {
  const room = useRoom();
  const notify = useContext(NotifyContext);
  const [uploads, setUploads] = useState<readonly Upload[]>([]);

  const start = (message: Outgoing) => {
    const { files, ...rest } = message;
    const controller = new AbortController();
    const key = (lastKey += 1);
    const upload: Upload = {
      ...{ key, done: 0, cancel: () => controller.abort() },
      names: files.map(({ name }) => name).join(', '),
    };
    const onProgress = (sent: number, total: number) => {
      const done = total === 0 ? 1 : sent / total;
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, done } : one)));
    };
    setUploads((all) => [...all, upload]);
    room.chat
      .sendFiles(files, { ...rest, onProgress, signal: controller.signal })
      .catch((error: unknown) => {
        returned(message);
        if (!controller.signal.aborted) notify(`${upload.names}: ${fileErrorText(error)}`);
      })
      .finally(() => setUploads((all) => all.filter((one) => one.key !== key)));
  };
  return { uploads, start };
}
