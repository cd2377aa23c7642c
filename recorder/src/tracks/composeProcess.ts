/** A process that makes one picture and sound of a recording of tracks, and tells whoever has started it how that goes. */
import { ComposeJob, type ComposeEvent } from '@parley/protocol/recorder';
import { Value } from 'typebox/value';
import { findFfmpeg } from '../findFfmpeg.ts';
import { VaultKey } from '../vault/index.ts';
import { composeTracks } from './compose.ts';

const cancelled = new AbortController();
/** How often progress is told, share of the whole. */
const STEP = 0.005;

process.once('message', (message) => void run(message));
// Who started it is gone, or has had enough.
process.on('disconnect', () => cancelled.abort());
process.on('SIGTERM', () => cancelled.abort());
process.on('SIGINT', () => cancelled.abort());

function tell(event: ComposeEvent): void {
  if (process.connected) process.send?.(event);
}

async function run(message: unknown): Promise<void> {
  try {
    const { key, folder, path, format, layout, settings, title } = Value.Parse(ComposeJob, message);
    let told = 0;
    const { durationMs, size } = await composeTracks({
      ...{ folder, path, format, layout, settings, title, signal: cancelled.signal },
      ffmpeg: findFfmpeg(),
      keys: key === null ? [] : [VaultKey.parse(key)],
      onProgress: (done) => {
        if (done - told < STEP) return;
        told = done;
        tell({ type: 'progress', done });
      },
    });
    tell({ type: 'composed', durationMs, bytes: size });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'COMPOSE_FAILED';
    tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }
  if (process.connected) process.disconnect();
}
