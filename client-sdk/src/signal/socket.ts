import { ParleyError } from '@parley/protocol/errors';
import type { Platform } from '../platform/Platform.ts';

const OPEN_TIMEOUT_MS = 10_000;

/** A socket that is being opened; `opened` rejects with SHUTTING_DOWN when the server cannot be reached. */
export interface OpeningSocket {
  readonly opened: Promise<WebSocket>;
  cancel(): void;
}

export function openSocket(platform: Platform, url: string): OpeningSocket {
  const socket = platform.createWebSocket(url);
  let cancel: () => void = () => undefined;
  const opened = new Promise<WebSocket>((resolve, reject) => {
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
export function discard(socket: WebSocket, code?: number): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.onerror = () => undefined;
  socket.close(code);
}
