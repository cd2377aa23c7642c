import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ALL_PERMISSIONS,
  Guest,
  camera,
  createPool,
  logger,
  mediaConfig,
  eventually,
} from './mediaFixtures.ts';
import { Metrics } from '../observability/Metrics.ts';
import { MAIN_ZONE } from './zones.ts';
import { WorkerPool } from './WorkerPool.ts';

const pools: WorkerPool[] = [];
const open = async (changes: Parameters<typeof createPool>[0] = {}) => {
  const made = await createPool(changes);
  pools.push(made.pool);
  return made;
};
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const pidOf = (pool: WorkerPool): number => {
  const [pid] = pool.workerPids;
  if (pid === undefined) throw new Error('no worker');
  return pid;
};
const deathsOf = async (metrics: Metrics) =>
  (await metrics.workerDeaths.get()).values.map(({ labels, value }) => [labels['cause'], value]);
/** A room with somebody in it who publishes, and what it takes to see it die. */
const inhabit = async (pool: WorkerPool) => {
  const room = await pool.createMediaRoom();
  const guest = new Guest(room, 'ann');
  const { transportId } = await guest.createSend();
  await guest.createRecv(room);
  await guest.endpoint.publish('PU_1', camera(transportId));
  const died = vi.fn();
  room.on('died', died);
  return { room, guest, died, transportId };
};

describe('start and end', () => {
  it('starts the workers that are configured, and leaves none behind', async () => {
    const { pool, metrics } = await open({ workers: 2 });
    const pids = pool.workerPids;
    expect(new Set(pids).size).toBe(2);
    expect(pool.healthy).toBe(true);
    expect((await metrics.workers.get()).values[0]?.value).toBe(2);
    await pool.close();
    await pool.close();
    expect(pids.filter(isRunning)).toEqual([]);
    expect(pool.healthy).toBe(false);
    expect((await metrics.workers.get()).values[0]?.value).toBe(0);
    await expect(pool.createMediaRoom()).rejects.toThrow(error('MEDIA_UNAVAILABLE'));
  });

  it('does not listen to signals in place of the server', async () => {
    const before = process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
    await open();
    expect(process.listenerCount('SIGTERM') + process.listenerCount('SIGINT')).toBe(before);
  });

  it('names the port and the setting when a port is taken, and leaves no worker behind', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const starting = WorkerPool.create({ config: mediaConfig({ port }), logger, metrics: new Metrics() });
    await expect(starting).rejects.toThrow(new RegExp(`${port}.*PARLEY_MEDIA_PORT`));
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    await open({ port });
  });

  it('refuses ports beyond the last, a worker that is not there, and an address that is none', async () => {
    const start = (changes: Parameters<typeof createPool>[0]) =>
      WorkerPool.create({ config: mediaConfig(changes), logger, metrics: new Metrics() });
    await expect(start({ port: 65_535, workers: 2 })).rejects.toThrow(/PARLEY_MEDIA_PORT/);
    await expect(start({ workerBin: '/nonexistent/worker' })).rejects.toThrow(/PARLEY_MEDIA_WORKER_BIN/);
    await expect(start({ listenIp: 'eth0' })).rejects.toThrow(/PARLEY_MEDIA_LISTEN_IP/);
  });

  it('listens on every address of the machine by default', async () => {
    const { pool } = await open({ listenIp: '' });
    const { guest } = await inhabit(pool);
    const { iceCandidates } = await guest.createSend();
    expect(iceCandidates.map(({ address }) => address)).toContain('127.0.0.1');
    expect(iceCandidates.map(({ address }) => address)).not.toContain('0.0.0.0');
  });
});

describe('placement', () => {
  it('spreads rooms, by what they carry', async () => {
    const { pool } = await open({ workers: 2 });
    const portOf = async () => {
      const guest = new Guest(await pool.createMediaRoom(), 'x');
      return (await guest.createSend()).iceCandidates[0]?.port;
    };
    const [first, second, third, fourth] = [await portOf(), await portOf(), await portOf(), await portOf()];
    expect(new Set([first, second]).size).toBe(2);
    expect(new Set([third, fourth]).size).toBe(2);
  });

  it('spreads rooms that are made at once', async () => {
    const { pool } = await open({ workers: 2 });
    const rooms = await Promise.all(Array.from({ length: 4 }, () => pool.createMediaRoom()));
    const ports = await Promise.all(
      rooms.map(async (room) => (await new Guest(room, 'x').createSend()).iceCandidates[0]?.port),
    );
    const counts = [...new Set(ports)].map((port) => ports.filter((other) => other === port).length);
    expect(counts).toEqual([2, 2]);
  });
});

describe('a worker that dies', () => {
  it('is replaced on the same port, and its rooms say so once', async () => {
    const { pool, metrics } = await open();
    const { room, guest, died, transportId } = await inhabit(pool);
    const pid = pidOf(pool);
    const { port } = (await guest.createSend()).iceCandidates[0] ?? {};
    const heardBefore = guest.heard.length;
    const pending = guest.createSend();
    process.kill(pid, 'SIGKILL');
    await expect(pending).rejects.toThrow(error('MEDIA_UNAVAILABLE'));
    await eventually(() => expect(died).toHaveBeenCalledOnce());

    for (const call of [
      guest.createSend(),
      guest.endpoint.restartIce({ transportId }),
      guest.endpoint.publish('PU_2', camera(transportId)),
      guest.endpoint.setMuted('PU_1', true),
      guest.endpoint.updateSubscriptions({ changes: [{ publicationId: 'PU_1' }] }),
      guest.endpoint.resumeConsumer({ consumerId: 'x' }),
      guest.endpoint.consumeData({ transportId, label: 'lossy' }),
    ])
      await expect(call).rejects.toThrow(error('MEDIA_UNAVAILABLE'));
    expect(() => guest.endpoint.unpublish('PU_1')).not.toThrow();
    expect(() =>
      room.createEndpoint({
        participantId: 'y',
        permissions: ALL_PERMISSIONS,
        zoneId: MAIN_ZONE,
        notify: vi.fn(),
      }),
    ).toThrow(error('MEDIA_UNAVAILABLE'));
    guest.endpoint.close();
    room.close();

    const next = await inhabit(pool);
    expect((await next.guest.createSend()).iceCandidates[0]?.port).toBe(port);
    expect(pidOf(pool)).not.toBe(pid);
    expect(died).toHaveBeenCalledOnce();
    expect(guest.heard).toHaveLength(heardBefore);
    expect(await deathsOf(metrics)).toEqual([['signal', 1]]);
    expect((await metrics.workers.get()).values[0]?.value).toBe(1);
  });

  it('gives a new room to whoever asks from within the event', async () => {
    const { pool } = await open({ workers: 2 });
    const { room } = await inhabit(pool);
    const moved = new Promise<number>((resolve, reject) => {
      room.on('died', () => {
        const since = performance.now();
        pool.createMediaRoom().then(() => resolve(performance.now() - since), reject);
      });
    });
    for (const pid of pool.workerPids) process.kill(pid, 'SIGKILL');
    expect(await moved).toBeLessThan(10_000);
  });

  it('counts nothing that died with it', async () => {
    const { pool, metrics } = await open();
    const { died } = await inhabit(pool);
    process.kill(pidOf(pool), 'SIGKILL');
    await eventually(() => expect(died).toHaveBeenCalled());
    expect((await metrics.transports.get()).values[0]?.value).toBe(0);
    expect((await metrics.consumers.get()).values[0]?.value ?? 0).toBe(0);
  });

  it('is replaced with patience when it keeps dying', async () => {
    const { pool } = await open();
    for (let death = 1; death <= 3; death++) {
      const pid = pidOf(pool);
      process.kill(pid, 'SIGKILL');
      await eventually(() => expect(pidOf(pool)).not.toBe(pid));
    }
    process.kill(pidOf(pool), 'SIGKILL');
    await eventually(() => expect(pool.workerPids).toEqual([]));
    expect(pool.healthy).toBe(false);
    await expect(pool.createMediaRoom()).rejects.toThrow(error('MEDIA_UNAVAILABLE'));
    await eventually(() => expect(pool.healthy).toBe(true));
  });
});

describe('a worker that hangs', () => {
  const quick = { watchdogInterval: 100, watchdogTimeout: 500 };

  it('is noticed, killed and replaced', async () => {
    const { pool, metrics } = await open(quick);
    const { guest, died } = await inhabit(pool);
    const pid = pidOf(pool);
    process.kill(pid, 'SIGSTOP');
    await expect(guest.createSend()).rejects.toThrow(error('MEDIA_UNAVAILABLE'));
    await eventually(() => expect(died).toHaveBeenCalledOnce());
    await inhabit(pool);
    expect(isRunning(pid)).toBe(false);
    expect(await deathsOf(metrics)).toEqual([['hung', 1]]);
  });

  it('gets no new rooms while another answers, and none is lost that was asked of it', async () => {
    const { pool } = await open(quick);
    process.kill(pidOf(pool), 'SIGSTOP');
    const room = await pool.createMediaRoom();
    expect(room.rtpCapabilities.codecs?.length).toBeGreaterThan(5);
  });

  it('does not keep the pool from closing', async () => {
    const { pool } = await open({ watchdogInterval: 60_000 });
    const pid = pidOf(pool);
    process.kill(pid, 'SIGSTOP');
    await pool.close();
    expect(isRunning(pid)).toBe(false);
  });
});
