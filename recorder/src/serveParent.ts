import { RecorderCommand, type RecorderEvent } from '@parley/protocol/recorder';
import { Compile } from 'typebox/compile';
import { ProgramRunner, type RunnerOptions } from './ProgramRunner.ts';
import { lineLog } from './util/lineLog.ts';

const COMMANDS = Compile(RecorderCommand);
/** All must be over after so long, ms. */
const EXIT_MS = 900;

/**
 * Serves the process that has started this one, over the channel that Node gives a child. When the channel breaks or it is told
 * to go, files are closed within a second and it ends; they are finished later. The encoder ends with its input, whatever
 * becomes of this process.
 * @param early what has been said already
 */
export function serveParent(options: Omit<RunnerOptions, 'send'>, early: readonly unknown[] = []): void {
  const runner = new ProgramRunner({ ...options, send });
  const handle = (message: unknown): void => {
    if (COMMANDS.Check(message)) void runner.handle(message);
    else lineLog.warn({}, 'the server said something that is not in the protocol');
  };
  for (const message of early) handle(message);
  process.on('message', handle);
  process.on('disconnect', () => void exitSoon(runner));
  process.on('SIGTERM', () => void exitSoon(runner));
  // A key pressed at the server's terminal reaches its children, too; the server tells them itself what to do.
  process.on('SIGINT', () => undefined);
  // The channel may have gone while this process was still being loaded.
  if (!process.connected) void exitSoon(runner);
}

function send(event: RecorderEvent): void {
  if (!process.connected) return;
  process.send?.(event);
  // The channel would keep the process for ever.
  if (event.type === 'ended' || event.type === 'failed') process.disconnect();
}

async function exitSoon(runner: ProgramRunner): Promise<void> {
  setTimeout(() => process.exit(1), EXIT_MS).unref();
  await runner.abandon();
  process.exit(0);
}
