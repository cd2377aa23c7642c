import { ParleyError } from '@parley/protocol/errors';

const OPEN_TIMEOUT_MS = 10_000;

/** A handler as the DOM and `ws` declare theirs: what they pass has more than is used here. */
type Handler<Event> = { handle(event: Event): void }['handle'] | null;

/** What is used of a WebSocket: a browser's has it, and that of `ws`. */
export interface SignalSocket {
  onopen: Handler<object>;
  onmessage: Handler<{ data: unknown }>;
  onclose: Handler<{ code: number }>;
  onerror: Handler<object>;
  send(text: string): void;
  close(code?: number): void;
}

/** A socket that is being opened; `opened` rejects with SHUTTING_DOWN when the server cannot be reached. */
export interface OpeningSocket {
  readonly opened: Promise<SignalSocket>;
  cancel(): void;
}

export function openSocket(socket: SignalSocket): OpeningSocket {
  let cancel: () => void = () => undefined;
  const opened = new Promise<SignalSocket>((resolve, reject) => {
    cancel = () => {
      clearTimeout(timer);
      discard(socket);
      reject(
        new ParleyError('SHUTTING_DOWN', {
          message: 'The server cannot be reached. Check your network connection, then try again.',
        }),
      );
    };
    const timer = setTimeout(cancel, OPEN_TIMEOUT_MS);
    socket.onclose = cancel;
    socket.onopen = () => {
      clearTimeout(timer);
      resolve(socket);
    };
  });
  return { opened, cancel: () => cancel() };
}

/** Closes a socket from which nothing is wanted any more. */
export function discard(socket: SignalSocket, code?: number): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.onerror = () => undefined;
  socket.close(code);
}
