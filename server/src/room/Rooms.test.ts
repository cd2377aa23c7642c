import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnyNotification, NotificationName, NotificationParams } from '@parley/protocol';
import { joinGrantsOf, type JoinGrants } from '../auth/grants.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { WorkerPool } from '../media/WorkerPool.ts';
import { createLogger } from '../observability/logger.ts';
import { Metrics } from '../observability/Metrics.ts';
import type { Outlet, RoomRecord, RoomStore, SessionEnd } from './ports.ts';
import { Rooms } from './Rooms.ts';

/** Remembers what a participant was told. */
class Ear implements Outlet {
  readonly heard: AnyNotification[] = [];
  ended: SessionEnd | undefined;
  notify(notification: AnyNotification): void {
    this.heard.push(notification);
  }
  end(end: SessionEnd): void {
    this.ended = end;
  }
  of<N extends NotificationName>(method: N): NotificationParams<N>[] {
    return this.heard
      .filter((notification) => notification.method === method)
      .map(({ params }) => params as NotificationParams<N>);
  }
}

class MemoryStore implements RoomStore {
  readonly records = new Map<string, RoomRecord>();
  loadRooms(): RoomRecord[] {
    return [...this.records.values()];
  }
  saveRoom(record: RoomRecord): void {
    this.records.set(record.roomId, record);
  }
  deleteRoom(roomId: string): void {
    this.records.delete(roomId);
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'parley-rooms-'));
const config = loadConfig({
  PARLEY_DATA_DIR: dataDir,
  PARLEY_MEDIA_PORT: '0',
  PARLEY_MEDIA_WORKERS: '1',
  PARLEY_LOG_LEVEL: 'silent',
});
const logger = createLogger('silent');
let pool: WorkerPool;
let store: MemoryStore;
let rooms: Rooms;

const grantsFor = (identity: string, room = 'demo'): JoinGrants =>
  joinGrantsOf({ iss: 'key', sub: identity, exp: Date.now() / 1000 + 60, video: { room, roomJoin: true } });
const enter = async (identity: string, room?: string) => {
  const ear = new Ear();
  return { ear, ...(await rooms.join(grantsFor(identity, room), { outlet: ear })) };
};
const coded = (code: string): unknown => expect.objectContaining({ code });

beforeAll(async () => {
  pool = await WorkerPool.create({ config: config.media, logger, metrics: new Metrics() });
});
beforeEach(() => {
  store = new MemoryStore();
  rooms = new Rooms({ media: pool, store, config, logger, metrics: new Metrics() });
  return () => rooms.close();
});
afterAll(async () => {
  await pool.close();
  rmSync(dataDir, { recursive: true });
});

describe('Rooms', () => {
  it('tells those who are in of those who come and go', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    expect(bob.joined.participants.map(({ identity }) => identity)).toEqual(['ann']);
    expect(ann.ear.of('participant.joined').map(({ participant }) => participant.identity)).toEqual(['bob']);
    await bob.participant.leave('left');
    await bob.participant.leave('left');
    expect(ann.ear.of('participant.left')).toEqual([
      { participantId: bob.participant.participantId, reason: 'left' },
    ]);
  });

  it('gives the place of an identity to the newest and tells the former why', async () => {
    const bob = await enter('bob');
    const first = await enter('ann');
    const second = await enter('ann');
    expect(first.ear.ended).toMatchObject({ reason: 'duplicateIdentity', rejoin: false });
    expect(second.joined.participants.map(({ identity }) => identity)).toEqual(['bob']);
    expect(bob.ear.of('participant.left')).toHaveLength(1);
    expect(rooms.getRoom('demo').numParticipants).toBe(2);
  });

  it('refuses a full room, but not somebody who is in already', async () => {
    await rooms.createRoom({ name: 'demo', settings: { maxParticipants: 1 } });
    await enter('ann');
    await expect(enter('bob')).rejects.toEqual(coded('ROOM_FULL'));
    await expect(enter('ann')).resolves.toBeDefined();
  });

  it('creates idempotently, and refuses other settings', async () => {
    const body = { name: 'kept', settings: { title: 'Weekly' } };
    expect((await rooms.createRoom(body)).created).toBe(true);
    expect((await rooms.createRoom(body)).created).toBe(false);
    expect(() => rooms.createRoom({ name: 'kept', settings: { title: 'Daily' } })).toThrow(
      coded('ROOM_EXISTS'),
    );
  });

  it('keeps rooms made by REST and only those', async () => {
    await rooms.createRoom({ name: 'kept' });
    await rooms.updateRoom('kept', { title: 'Weekly' });
    await enter('ann', 'passing');
    expect([...store.records.values()].map(({ name, settings }) => [name, settings.title])).toEqual([
      ['kept', 'Weekly'],
    ]);
    await rooms.deleteRoom('kept');
    expect(store.records.size).toBe(0);
  });

  it('admits guests only where they are allowed', async () => {
    await rooms.createRoom({ name: 'members', settings: { guestsAllowed: false } });
    expect(() => rooms.admitGuest('members', false)).toThrow(coded('GUESTS_REFUSED'));
    expect(() => rooms.admitGuest('nowhere', false)).toThrow(coded('ROOM_NOT_FOUND'));
    await expect(rooms.admitGuest('nowhere', true)).resolves.toMatchObject({ name: 'nowhere' });
  });

  it('ends a deleted room for everybody', async () => {
    const ann = await enter('ann');
    await rooms.deleteRoom('demo');
    expect(ann.ear.ended).toMatchObject({ reason: 'roomClosed' });
  });

  it('moves everybody to another worker when theirs is killed, and nobody leaves', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    for (const pid of pool.workerPids) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => {
      for (const { ear } of [ann, bob]) expect(ear.of('media.reset')).toMatchObject([{ mediaGeneration: 2 }]);
    }, 5000);
    expect(ann.ear.of('participant.left')).toEqual([]);
    await expect(ann.participant.createTransport({ direction: 'send' })).resolves.toHaveProperty(
      'transportId',
    );
  });
});
