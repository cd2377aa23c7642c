import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN, JOIN, RealHarness } from './testing/RealHarness.ts';

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create();
  await harness.ask(['POST', '/rooms'], { name: 'demo' });
});
afterAll(() => harness.close());

const dial = (claims: Parameters<RealHarness['ask']>[2], target = '+4930123456') =>
  harness.ask(['POST', '/rooms/demo/calls'], { target }, claims);
const coded = (code: string): object => ({ error: expect.objectContaining({ code }) as unknown });

it.each([
  ['somebody who is no host', { video: JOIN }],
  ['a guest, whatever they are', { video: JOIN, role: 'host', guest: true } as const],
  ['a host whose token says no', { video: { ...JOIN, canDial: false }, role: 'host' } as const],
])('%s calls nobody', async (_who, claims) => {
  expect((await dial(claims)).body).toMatchObject(coded('PERMISSION_DENIED'));
});

it('tells hosts and integrators that there is no trunk, and what is wrong', async () => {
  for (const claims of [{ video: JOIN, role: 'host' } as const, { video: ADMIN }]) {
    const answer = await dial(claims);
    expect([answer.status, answer.body]).toMatchObject([409, coded('PHONES_OFF')]);
  }
  expect((await dial({ video: ADMIN }, 'a\nb')).body).toMatchObject(coded('INVALID_PARAMS'));
  expect((await harness.ask(['GET', '/rooms/demo/calls'])).body).toEqual({ items: [] });
  expect((await harness.ask(['DELETE', '/rooms/demo/calls/CL_1'])).body).toMatchObject(
    coded('CALL_NOT_FOUND'),
  );
});
