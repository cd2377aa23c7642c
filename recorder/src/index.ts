/** A recorder process: one programme, commanded over its channel (see `@parley/protocol/recorder`). */
import type { RecorderEvent } from '@parley/protocol/recorder';

const early: unknown[] = [];
const keep = (message: unknown): void => void early.push(message);
process.on('message', keep);

try {
  // What it is made of may be missing on this machine, such as a native library: then that must be told, too.
  const { startRecorder } = await import('./startRecorder.ts');
  process.off('message', keep);
  startRecorder(early);
} catch (error) {
  // Who started it is to say so to people, and not to try again.
  process.send?.({ type: 'failed', ...troubleOf(error) } satisfies RecorderEvent);
  process.disconnect();
}

function troubleOf(error: unknown): { code: string; message: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'FfmpegNotFoundError') return { code: 'ffmpeg_not_found', message };
  console.error(error);
  const [reason = ''] = message.split('\n');
  return {
    code: 'recorder_broken',
    message:
      `A part of the recorder cannot be loaded on the server (${reason.slice(0, 200)}). Its operator can repair the ` +
      'installation with `npm start`; the log says more.',
  };
}
