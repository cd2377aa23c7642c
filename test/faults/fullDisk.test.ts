/** A server whose whole disk is full: it goes on, and says so. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { TinyDisk } from '../support/TinyDisk.ts';
import { adminToken, joinToken } from '../support/tokens.ts';

const DISK_MIB = 32;

let disk: TinyDisk;
let server: ParleyServer;
afterEach(async () => {
  await server.stop();
  disk.close();
});

describe.skipIf(!TinyDisk.canMake())('the disk of the database is full', { timeout: 60_000 }, () => {
  it('what cannot be saved is refused with the reason, and taken again when there is space', async () => {
    disk = TinyDisk.get(DISK_MIB);
    server = await ParleyServer.start({ dataDir: join(disk.folder, 'data') });
    const ann = await RawSocket.join(server.url, {
      room: 'demo',
      identity: 'ann',
      token: joinToken('demo', 'ann'),
    });
    ann.keepAlive();
    await ann.request('chat.send', { text: 'before' });

    disk.fillUpTo(0);
    const { error } = await ann.request('chat.send', { text: 'lost' });
    expect(error).toMatchObject({ message: expect.stringMatching(/disk .* is full/) as string });
    expect(error?.data.code).toBe('STORAGE_FULL');
    const refused = await fetch(new URL('/api/v1/rooms', server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'another' }),
    });
    expect(refused.status).toBe(507);

    disk.clear();
    expect((await ann.request('chat.send', { text: 'after' })).error).toBeUndefined();
    const { result } = await ann.request('chat.history', { limit: 100 });
    const { messages } = result as { messages: { text: string }[] };
    expect(messages.map(({ text }) => text)).toEqual(['before', 'after']);
  });
});
