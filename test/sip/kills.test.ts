/** What becomes of calls when a process is killed: that of phones, or the server. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { childrenOf, isAlive } from '../support/ParleyServer.ts';
import { waitFor } from '../support/waitFor.ts';
import { MICROPHONE_HERTZ, PhoneHall, seesNoPhone, seesPhone } from './support/PhoneHall.ts';
import { listened, toRoom } from './support/PhoneServer.ts';

/** Two browsers hear each other without a longer silence, ms. */
const MAX_GAP_MS = 300;

let hall: PhoneHall;

beforeAll(async () => {
  hall = await PhoneHall.start({ rules: [toRoom('hall', '+493010')] });
});
afterEach(() => hall.clear());
afterAll(() => hall.stop());

const gone = (pids: number[]) =>
  waitFor('processes to be gone', () => pids.filter(isAlive), { done: ({ length }) => length === 0 });

it('without the process of phones calls end, others in the room notice nothing, and the next call comes in', async () => {
  const [hanna, otto] = [await hall.client('hall', 'hanna', 'host'), await hall.client('hall', 'otto')];
  await otto.call('publish', ['microphone']);
  await hanna.hears('otto');
  // As telephones have it: a call without sound is over.
  const phone = await hall.caller('+493010', { number: '+4930111', hertz: 700, config: 'rtp_timeout 2' });
  await seesPhone(hanna, 'speaks', ({ muted }) => muted === false);
  await phone.hears([MICROPHONE_HERTZ]);
  await hanna.call('listenForGaps', 'otto');
  const former = hall.server.phonesPid;

  process.kill(former, 'SIGKILL');
  await seesNoPhone(hanna);
  await phone.told('CALL_CLOSED');
  await waitFor('another process of phones', () => hall.server.phonesPid, {
    done: (pid) => pid !== former,
  });
  await listened(hall.server.sipPort);
  const next = await hall.caller('+493010', { number: '+4930222', hertz: 1100 });
  await next.hears([MICROPHONE_HERTZ], { not: [1100] });
  await seesPhone(hanna, 'is the next', ({ displayName }) => displayName.endsWith('22'));

  expect(await hanna.call('longestGap')).toBeLessThan(MAX_GAP_MS);
  for (const person of [hanna, otto]) {
    const events = (await person.call('events')).map(({ event }) => event);
    expect(events).not.toContain('stateChanged');
  }
  const [first] = (await hall.server.calls('?room=hall')).filter(({ from }) => from === '+4930111');
  expect(first).toMatchObject({ state: 'ended', endedBy: 'server', why: expect.stringMatching(/died/) });
});

it('without the server calls are ended in order, and no process stays; after its start it takes calls again', async () => {
  const phone = await hall.caller('+493010', { number: '+4930111', hertz: 700 });
  await hall.server.phonesIn('hall', 1);
  const processes = [...childrenOf(hall.server.server.pid), hall.server.phonesPid];
  await hall.server.server.kill();
  await phone.told('CALL_CLOSED');
  await gone(processes);

  await hall.server.startAgain();
  const [cut] = await hall.server.calls('?room=hall');
  expect(cut).toMatchObject({ state: 'ended', from: '+4930111' });
  await phone.dial(hall.server.at('+493010'));
  await phone.told('CALL_ESTABLISHED', { times: 2 });
  await hall.server.phonesIn('hall', 1);
});

it('with a server that is stopped, calls are ended in order', async () => {
  const phone = await hall.caller('+493010', { number: '+4930111', hertz: 700 });
  await hall.server.phonesIn('hall', 1);
  const { code, orphans } = await hall.server.server.stop();
  expect({ code, orphans }).toEqual({ code: 0, orphans: [] });
  await phone.told('CALL_CLOSED');
});
