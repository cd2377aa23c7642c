import type { ServerInfo } from '@parley/protocol';
import { afterEach, expect, test } from 'vitest';
import { startHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
afterEach(() => harness.app.close());

const LAN = { url: 'https://192.0.2.7:8443', reach: 'lan' } as const;
const urls = () => [{ url: 'http://localhost:8080', reach: 'local' } as const, LAN];
const addressFor = async (host: string, remoteAddress = '127.0.0.1'): Promise<string> => {
  const answer = await harness.app.inject({ url: '/api/v1/server', headers: { host }, remoteAddress });
  return answer.json<ServerInfo>().url;
};

test('whoever sits at the server learns the address for others; others know it', async () => {
  harness = await startHarness({ urls });
  expect(await addressFor('localhost:8080')).toBe(LAN.url);
  expect(await addressFor('[::1]:8080', '::1')).toBe(LAN.url);
  expect(await addressFor('meet.test:8080')).toBe('http://meet.test:8080');
  // Whoever claims to sit there and does not is told nothing of the network.
  expect(await addressFor('localhost:8080', '198.51.100.1')).toBe('http://localhost:8080');
});

test('without a network there is no better address, and the public one is the best', async () => {
  harness = await startHarness();
  expect(await addressFor('localhost:8080')).toBe('http://localhost:8080');
  await harness.app.close();
  harness = await startHarness({ urls, env: { PARLEY_HTTP_PUBLIC_URL: 'https://meet.test/' } });
  expect(await addressFor('localhost:8080')).toBe('https://meet.test');
});
