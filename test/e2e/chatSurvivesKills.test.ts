import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// eslint-disable-next-line no-restricted-syntax -- the moment of a kill is a matter of chance, not awaited
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ChatWriter, readAll } from '../support/ChatWriter.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { randomOf } from '../support/randomOf.ts';
import { waitFor } from '../support/waitFor.ts';

const KILLS = 200;
/** Servers that live at the same time, each with a data folder of its own, so that no processor is idle. */
const SERVERS = 2;
/** A life lasts at most this long after it has acknowledged something, ms. */
const LIFE_MS = 150;
const ROOM = 'chat';
const SEED = Date.now();

const compileCache = mkdtempSync(join(tmpdir(), 'parley-compiled-'));
const env = {
  PARLEY_MEDIA_WORKERS: '1',
  PARLEY_SIGNALLING_MAX_REQUESTS_PER_SECOND: '100000',
  PARLEY_LOG_LEVEL: 'warn',
  // A server that has ended orderly leaves behind what starts the next ones sooner.
  NODE_COMPILE_CACHE: compileCache,
};
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

interface Outcome {
  writers: ChatWriter[];
  histories: Awaited<ReturnType<typeof readAll>>[];
}

/** Kills a server again and again while people write, and reads afterwards what is left. */
async function outlive(kills: number, seed: number): Promise<Outcome> {
  const random = randomOf(seed);
  const writers = ['ann', 'bob', 'cat'].map((identity) => new ChatWriter(ROOM, identity, random));
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-kills-'));
  let server = await ParleyServer.start({ dataDir, env });
  const { port } = server;
  for (let kill = 0; kill < kills; kill += 1) {
    const before = acknowledgedBy(writers);
    const lives = Promise.all(writers.map((writer) => writer.write(server.url)));
    await waitFor('somebody to be acknowledged', () => acknowledgedBy(writers), {
      interval: 2,
      done: (count) => count > before,
    });
    await delay(random() * LIFE_MS);
    await server.kill();
    await lives;
    server = await ParleyServer.start({ dataDir, port, env });
  }
  const histories = await Promise.all(
    ['ann', 'bob', 'cat'].map((identity) => readAll(server.url, ROOM, identity)),
  );
  await server.stop();
  rmSync(dataDir, { recursive: true });
  return { writers, histories };
}

const acknowledgedBy = (writers: ChatWriter[]): number =>
  writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);

function verify({ writers, histories }: Outcome): void {
  const [history = []] = histories;
  for (const other of histories) expect(other).toEqual(history);
  expect(writers.flatMap(({ wrongs }) => wrongs)).toEqual([]);
  const byId = new Map(history.map((message) => [message.messageId, message]));
  const lost = writers.flatMap(({ written }) =>
    [...written].filter(([messageId, { seq, possible }]) => {
      const message = byId.get(messageId);
      const text = message?.deletedAt === null ? message.text : null;
      return message?.seq !== seq || !possible.includes(text);
    }),
  );
  expect(lost).toEqual([]);
  const texts = history.flatMap(({ text, deletedAt }) => (deletedAt === null ? [text] : []));
  expect(byId.size).toBe(history.length);
  expect(new Set(texts).size).toBe(texts.length);
  const known = new Set(writers.flatMap((writer) => [...writer.texts]));
  expect(texts.filter((text) => !known.has(text))).toEqual([]);
}

describe('chat', () => {
  it(
    `keeps all that was acknowledged when the server is killed ${KILLS} times`,
    { timeout: 900_000 },
    async () => {
      await (await ParleyServer.start({ env })).stop();
      const started = performance.now();
      const outcomes = await Promise.all(
        Array.from({ length: SERVERS }, (_, index) => outlive(KILLS / SERVERS, SEED + index)),
      );
      const seconds = Math.round((performance.now() - started) / 1000);
      const acknowledged = outcomes.map(({ writers }) => acknowledgedBy(writers)).join(' and ');
      console.log(`seed ${SEED}: ${KILLS} kills in ${seconds} s; ${acknowledged} requests were acknowledged`);
      for (const outcome of outcomes) verify(outcome);
    },
  );
});
