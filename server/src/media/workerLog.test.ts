import pino from 'pino';
import { expect, it, vi } from 'vitest';
import { Metrics } from '../observability/Metrics.ts';
import { mediaConfig } from './mediaFixtures.ts';
import { WorkerPool } from './WorkerPool.ts';

interface Line {
  level: number;
  msg: string;
}

async function open() {
  const lines: Line[] = [];
  const write = (text: string) => void lines.push(JSON.parse(text) as Line);
  const logger = pino({ level: 'debug' }, { write });
  const pool = await WorkerPool.create({ config: mediaConfig(), logger, metrics: new Metrics() });
  return { pool, lines: () => lines.filter(({ msg }) => !/started/.test(msg)) };
}
const kill = (pool: WorkerPool): void => pool.workerPids.forEach((pid) => process.kill(pid, 'SIGKILL'));

it('tells loudly of a worker that dies', async () => {
  const { pool, lines } = await open();
  kill(pool);
  await vi.waitUntil(
    () => lines().some(({ msg, level }) => /unexpectedly/.test(msg) && level === 50),
    15_000,
  );
  await pool.close();
});

it('keeps quiet about pipes that break because the server ends', async () => {
  const { pool, lines } = await open();
  await pool.createMediaRoom();
  pool.expectEnd();
  // As a signal to all processes of a service does.
  kill(pool);
  const said = /unexpectedly|EPIPE|broken pipe/i;
  await vi.waitUntil(() => lines().some(({ msg }) => said.test(msg)), 15_000);
  await pool.close();
  expect(lines().filter(({ level }) => level > 20)).toEqual([]);
});
