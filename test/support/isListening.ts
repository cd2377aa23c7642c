import { connect } from 'node:net';

/** Whether somebody listens at a port of TCP on loopback. Nobody else finds it taken meanwhile, as by trying to listen. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
