import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from './Database.ts';
import { WebhookOutboxTable } from './WebhookOutboxTable.ts';
import { WebhookTable } from './WebhookTable.ts';

const LANE = { webhookId: 'WH_1', roomId: 'RM_1' };
const ATTEMPT = { at: 1, duration: 1, responseStatus: 200, error: null };

let dataDir: string;
let database: Database;
let outbox: WebhookOutboxTable;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-outbox-'));
  database = Database.open(dataDir);
  const about = { events: null, room: null, enabled: true, fixed: false, createdAt: 1 };
  new WebhookTable(database).save({ webhookId: LANE.webhookId, url: 'https://example.com/', ...about });
  outbox = new WebhookOutboxTable(database, 20);
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true });
});

const enqueue = (times = 1): number =>
  Array.from({ length: times }, () =>
    outbox.enqueue({
      ...{ event: 'room_started', room: { roomId: LANE.roomId, name: 'demo' }, createdAt: 5 },
      webhookIds: [LANE.webhookId],
      bodyOf: ({ seq }) => `event ${seq}`,
    }),
  ).reduce((sum, count) => sum + count, 0);
const count = (status: 'pending' | 'failed' | 'delivered'): number =>
  outbox.list({ webhookId: LANE.webhookId, status }, { limit: 100 }).deliveries.length;

it('holds only so much for one webhook: the oldest is given up, the newest stays, in order', () => {
  expect(enqueue(20)).toBe(0);
  expect(enqueue()).toBe(2);
  expect(enqueue(100)).toBeGreaterThan(90);
  expect(count('pending')).toBeLessThanOrEqual(20);
  expect(outbox.list({ webhookId: LANE.webhookId }, { limit: 1 }).deliveries[0]).toMatchObject({ seq: 121 });
  const next = outbox.findNext(LANE);
  expect(next?.body).toBe(`event ${122 - count('pending')}`);
  const [given] = outbox.list({ webhookId: LANE.webhookId, status: 'failed' }, { limit: 1 }).deliveries;
  expect(given?.error).toMatch(/too many/);
});

it('counts anew what waits when it is opened, and whenever it seems full', () => {
  enqueue(20);
  outbox = new WebhookOutboxTable(database, 20);
  expect(enqueue()).toBe(2);
  enqueue(1);
  // What was lined up in a transaction that was undone does not take away room for long.
  const undone = (): void => {
    database.transaction(() => {
      enqueue();
      throw new Error('undone');
    });
  };
  const first = outbox.findNext(LANE);
  if (first) outbox.succeed(first, ATTEMPT);
  expect(undone).toThrow('undone');
  expect([enqueue(), count('pending')]).toEqual([0, 20]);
});

it('takes for delivered what arrived though it had been given up, and does not revive what did not', () => {
  enqueue(20);
  const first = outbox.findNext(LANE);
  enqueue();
  if (!first) throw new Error('nothing waits');
  outbox.fail(first, { ...ATTEMPT, error: 'no' }, { nextAttemptAt: 9, giveUpBefore: 0 });
  expect([count('failed'), count('pending')]).toEqual([2, 19]);
  outbox.succeed(first, ATTEMPT);
  expect([count('failed'), count('delivered'), count('pending')]).toEqual([1, 1, 19]);
  expect(enqueue()).toBe(0);
});

it('writes what happened and what tells of it together, and undoes an inner part alone', () => {
  const work = (): void => {
    database.transaction(() => {
      enqueue();
      expect(() =>
        database.transaction(() => {
          enqueue();
          throw new Error('inner');
        }),
      ).toThrow('inner');
      throw new Error('outer');
    });
  };
  expect(work).toThrow('outer');
  expect(outbox.findNext(LANE)).toBeUndefined();
  database.transaction(() => {
    enqueue();
    expect(() => database.transaction(() => [enqueue(), database.prepare('nonsense')])).toThrow();
  });
  expect(outbox.findNext(LANE)?.body).toBe('event 1');
  expect(count('pending')).toBe(1);
});
