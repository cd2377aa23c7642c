import { PhoneCommand, type PhoneEvent } from '@parley/protocol/phoneProcess';
import { Compile } from 'typebox/compile';
import { PhoneControl } from '../calls/PhoneControl.ts';

const COMMANDS = Compile(PhoneCommand);
/** All calls must be over after so long, ms. */
const EXIT_MS = 5000;

/**
 * Serves the process that has started this one. When the channel breaks, or it is told to go, all calls are ended in order and it ends: nobody
 * would be there to look after them.
 */
export function servePhones(): void {
  const control = new PhoneControl(tell);
  let isGoing = false;
  const goSoon = async (): Promise<void> => {
    if (isGoing) return;
    isGoing = true;
    setTimeout(() => process.exit(1), EXIT_MS).unref();
    await control.stop();
    process.exit(0);
  };
  process.on('message', (message) => {
    if (!COMMANDS.Check(message))
      return console.error('the server said something that is not in the protocol');
    if (message.type === 'stop') void goSoon();
    else control.handle(message).catch((error: unknown) => console.error(error));
  });
  process.on('disconnect', () => void goSoon());
  process.on('SIGTERM', () => void goSoon());
  // A key pressed at the server's terminal reaches its children, too; the server tells them itself what to do.
  process.on('SIGINT', () => undefined);
}

function tell(event: PhoneEvent): void {
  if (process.connected) process.send?.(event);
}
