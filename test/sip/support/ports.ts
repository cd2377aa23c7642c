import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of TCP on loopback that nobody has just now. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A port for a phone: one that nobody has, by UDP neither, nor the one after it, where it listens for TLS. */
export async function freePhonePort(): Promise<number> {
  for (;;) {
    const port = await freeTcpPort();
    if ((await isFree(port + 1)) && (await isFreeOfUdp(port))) return port;
  }
}

/** Whether nobody listens there. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

async function isFreeOfUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    await new Promise<void>((resolve) => socket.close(resolve));
    return true;
  } catch {
    socket.close();
    return false;
  }
}
