import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { SignalPlatform } from '@parley/client-sdk/signal';
import WebSocket from 'ws';

const OPEN_TIMEOUT_MS = 5_000;

/** Where the recorder's session with the server runs. `certificate`: PEM; then the server must show exactly this one. */
export const nodePlatform = (certificate: string | undefined): SignalPlatform => ({
  name: 'node',
  userAgent: 'parley-recorder',
  createWebSocket: (url) => openPinned(url, certificate),
  onOnline: () => () => undefined,
});

function openPinned(url: string, certificate: string | undefined): WebSocket {
  const socket = new ServerSocket(url, {
    handshakeTimeout: OPEN_TIMEOUT_MS,
    perMessageDeflate: false,
    // Who waited for an answer goes on before the notification after it is heard.
    allowSynchronousEvents: false,
    rejectUnauthorized: certificate === undefined,
  });
  // An error is always followed by the end.
  socket.on('error', () => undefined);
  socket.once('upgrade', ({ socket: stream }) => {
    if (certificate !== undefined && !shows(stream, certificate)) socket.close();
  });
  return socket;
}

/** Closing does not wait for the other side: a socket that is given up may well be dead. */
class ServerSocket extends WebSocket {
  override close(): void {
    this.terminate();
  }
}

const shows = (stream: Duplex, certificate: string): boolean =>
  stream instanceof TLSSocket &&
  stream.getPeerX509Certificate()?.fingerprint512 === new X509Certificate(certificate).fingerprint512;
