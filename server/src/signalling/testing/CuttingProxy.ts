import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** How many more bytes pass in each direction before the connection is cut, in the midst of a frame as a rule. */
export interface Cut {
  up: number;
  down: number;
}

/** A network between client and server that breaks where it is told to. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #cuts: Cut[] = [];

  private constructor(target: number) {
    this.#server = createServer((client) => this.#join(client, connect(target, '127.0.0.1')));
  }

  static async create(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  /** Where the next connections are to break, one after the other; later ones do not. */
  plan(cuts: readonly Cut[]): void {
    this.#cuts.splice(0, Infinity, ...cuts);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    const cut = this.#cuts.shift() ?? { up: Infinity, down: Infinity };
    const pair = [client, server];
    const end = (): void => pair.forEach((socket) => socket.destroy());
    for (const socket of pair) {
      this.#sockets.add(socket.setNoDelay());
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    pass(client, server, cut.up);
    pass(server, client, cut.down);
  }
}

/** Lets a number of bytes through, then ends both sides at once. */
function pass(from: Socket, to: Socket, bytes: number): void {
  let left = bytes;
  from.on('data', (data: Buffer) => {
    const part = data.subarray(0, Math.min(left, data.length));
    left -= part.length;
    to.write(part, () => {
      if (left > 0) return;
      from.destroy();
      to.destroy();
    });
  });
}
