import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { checkPhones } from './checkPhones.ts';

const check = (sip: Record<string, unknown>, addresses = ['203.0.113.9']) => {
  const env: NodeJS.ProcessEnv = { PARLEY_DATA_DIR: '/nonexistent', PARLEY_HTTP_PORT: '1' };
  for (const [name, value] of Object.entries({ UDP_PORT: '0', TCP_PORT: '0', HOST: '127.0.0.1', ...sip }))
    env[`PARLEY_SIP_${name}`] = typeof value === 'string' ? value : JSON.stringify(value);
  return checkPhones(loadConfig(env), addresses);
};
const trunk = (more: object) => ({
  TRUNKS: [{ trunkId: 'a', inbound: { allowedAddresses: ['203.0.113.1'] }, ...more }],
});

it('says nothing where there are no phones, and little where all is well', async () => {
  expect(await check({})).toEqual([]);
  expect(await check(trunk({}))).toEqual([expect.objectContaining({ state: 'ok' })]);
});

it.each([
  [trunk({ inbound: {} }), 'warn', /Nobody can call by the trunk a/],
  [trunk({ outbound: { address: 'b' } }), 'warn', /prefixes is empty/],
  [trunk({ outbound: { address: 'b', prefixes: ['+'] } }), 'warn', /Any country/],
  [
    { ...trunk({}), RULES: [{ ruleId: 'r', trunkIds: ['b'], target: { kind: 'pin' } }] },
    'warn',
    /names the trunk b/,
  ],
  [{ ...trunk({}), TLS_CERT: '/none/c', TLS_KEY: '/none/k', TLS_PORT: '0' }, 'fail', /\/none\/c is named/],
  [{ ...trunk({}), PROMPTS_FOLDER: '/none' }, 'fail', /is no folder/],
  [{ ...trunk({}), RTP_MIN_PORT: '20000', RTP_MAX_PORT: '20009' }, 'warn', /ports for 5 calls/],
])('%j: %s', async (sip, state, message) => {
  expect(await check(sip)).toContainEqual(
    expect.objectContaining({ state, message: expect.stringMatching(message) }),
  );
});

it('knows when only the house can reach it, and when the port is taken', async () => {
  expect(await check(trunk({}), ['192.168.1.5'])).toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(/advertisedAddress/) }),
  );
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const taken = await check({ ...trunk({}), UDP_PORT: String(socket.address().port) });
  socket.close();
  expect(taken).toContainEqual(
    expect.objectContaining({ state: 'fail', message: expect.stringMatching(/sip\.udpPort/) }),
  );
});
