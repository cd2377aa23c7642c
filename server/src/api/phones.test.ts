import type {
  CallRecord,
  CreatedInvite,
  CreatedPin,
  MeetingDetails,
  RoomPhone,
  TrunkInfo,
} from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JOIN, RealHarness } from './testing/RealHarness.ts';

const FIXED = { trunkId: 'fixed', name: 'Berlin', inbound: { numbers: ['+493012345678', '+4989*'] } };
let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create({
    PARLEY_SIP_TRUNKS: JSON.stringify([FIXED]),
    PARLEY_MEETINGS_DIAL_IN: JSON.stringify([{ label: 'London', number: '+44 20 7946 0000' }]),
  });
});
afterEach(() => harness.clear());
afterAll(() => harness.close());

const HOST = { video: JOIN, role: 'host' } as const;
const admin = (method: 'GET' | 'PUT' | 'DELETE' | 'POST', url: string, body?: object) =>
  harness.ask([method, url], body);
const makeRoom = () => harness.ask(['POST', '/rooms'], { name: 'demo' });
const call = (more: Partial<CallRecord> = {}): CallRecord => ({
  ...{ callId: `CL_${Math.random()}`, direction: 'in', trunkId: 'fixed', extension: null },
  ...{ from: '+4930999999', to: '+493012345678', room: 'demo', meetingId: null, participantId: null },
  ...{ identity: null, state: 'ended', startedAt: 1000, answeredAt: 2000, endedAt: 62_000 },
  ...{ endedBy: 'caller', status: 200, why: 'It hung up.' },
  quality: { codec: 'PCMA', packetsLost: 1, packetsReceived: 99, jitterMs: 1.5, concealedMs: 20, mos: 4.2 },
  ...more,
});

describe('trunks', () => {
  const TRUNK = {
    ...{ name: 'Carrier', country: 'DE' },
    outbound: {
      address: 'sip.example.org',
      auth: { username: 'u', password: 'very secret' },
      prefixes: ['+49'],
    },
    registration: {
      registrar: 'sip.example.org',
      username: 'u',
      auth: { username: 'u', password: 'secret too' },
    },
  };

  it('are made, replaced, listed and deleted; passwords are never sent back, and kept where they are left away', async () => {
    const made = await admin('PUT', '/trunks/carrier', TRUNK);
    expect(made).toMatchObject({
      status: 201,
      body: { trunkId: 'carrier', fixed: false, minutesToday: 0, maxCalls: 30 },
    });
    expect((made.body as TrunkInfo).outbound?.auth).toEqual({ username: 'u' });
    const auth = { username: 'u' };
    const change = {
      ...TRUNK,
      name: 'Other',
      outbound: { ...TRUNK.outbound, auth },
      registration: { ...TRUNK.registration, auth },
    };
    expect(await admin('PUT', '/trunks/carrier', change)).toMatchObject({
      status: 200,
      body: { name: 'Other' },
    });
    const inForce = harness.office.directory.settings()?.trunks.find(({ trunkId }) => trunkId === 'carrier');
    expect([inForce?.outbound?.auth?.password, inForce?.registration?.auth.password]).toEqual([
      'very secret',
      'secret too',
    ]);
    const list = await admin('GET', '/trunks');
    expect(list.body).toMatchObject({
      items: [{ trunkId: 'carrier' }, { trunkId: 'fixed', fixed: true, state: { reachable: 'unknown' } }],
    });
    expect(made.text + list.text).not.toMatch(/secret/);
    expect(JSON.stringify([...harness.people.stores.phoneEntries.load('trunk')])).not.toMatch(/secret/);
    expect((await admin('DELETE', '/trunks/carrier')).status).toBe(204);
    expect((await admin('GET', '/trunks/carrier')).body).toMatchObject({
      error: { code: 'TRUNK_NOT_FOUND' },
    });
  });

  it.each([
    [{}, 'inbound or outbound is needed'],
    [{ inbound: { allowedAddresses: ['nowhere'] } }, 'inbound.allowedAddresses has nowhere'],
    [{ outbound: { address: 'a', auth: { username: 'u' } } }, 'outbound.auth.password is needed'],
    [{ inbound: {}, tls: { ca: '/etc/passwd' } }, '/tls/ca'],
    [{ inbound: {}, name: 'a\r\nb' }, ''],
    [{ inbound: {}, nonsense: 1 }, ''],
  ])('%j is refused: %s', async (body, fault) => {
    const answer = await admin('PUT', '/trunks/bad', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'INVALID_PARAMS' } } });
    expect(answer.text).toContain(fault);
  });

  it('of the configuration cannot be changed', async () => {
    for (const answer of [
      await admin('PUT', '/trunks/fixed', FIXED_BODY),
      await admin('DELETE', '/trunks/fixed'),
    ])
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'WRONG_STATE' } } });
  });
  const FIXED_BODY = { inbound: {} };

  it('are for those alone who manage the server', async () => {
    for (const video of [JOIN, { roomAdmin: true }, { roomCreate: true, room: 'demo' }])
      expect(await harness.ask(['GET', '/trunks'], undefined, { video })).toMatchObject({ status: 403 });
    expect((await harness.ask(['GET', '/calls'], undefined, { video: null })).status).toBe(401);
  });
});

it('rules and extensions are made and deleted likewise', async () => {
  expect(await admin('PUT', '/dispatch-rules/r1', { target: { kind: 'room', room: 'demo' } })).toMatchObject({
    status: 201,
    body: { ruleId: 'r1', priority: 100, fixed: false },
  });
  expect((await admin('PUT', '/dispatch-rules/r2', { target: { kind: 'nowhere' } })).status).toBe(400);
  expect((await admin('GET', '/dispatch-rules/r1')).status).toBe(200);
  const route = await harness.office.directory.route({
    ...{ legId: 'L', trunkId: 'fixed', extension: null, from: '', fromName: '', to: '+498912345', at: 1 },
  });
  expect(route).toMatchObject({ kind: 'room', room: 'demo' });
  expect((await admin('DELETE', '/dispatch-rules/r1')).status).toBe(204);
  expect(await admin('PUT', '/extensions/100', { displayName: 'Desk' })).toMatchObject({ status: 400 });
  expect(
    await admin('PUT', '/extensions/100', { displayName: 'Desk', password: 'long enough' }),
  ).toMatchObject({ status: 201 });
  const changed = await admin('PUT', '/extensions/100', { displayName: 'Front desk' });
  expect(changed).toMatchObject({ status: 200, body: { displayName: 'Front desk', registered: false } });
  expect(changed.text).not.toContain('long enough');
  expect((await admin('DELETE', '/extensions/100')).status).toBe(204);
});

describe('dialling into a room', () => {
  it('hosts see numbers and PIN, and have another made; others do not', async () => {
    await makeRoom();
    const { body } = await harness.ask(['GET', '/rooms/demo/phone'], undefined, HOST);
    const { numbers, pin } = body as RoomPhone;
    expect(numbers.map(({ number }) => number)).toEqual(['+44 20 7946 0000', '+493012345678']);
    expect(pin).toMatch(/^\d{8}$/);
    const renewed = (await harness.ask(['POST', '/rooms/demo/phone/renew'], {}, HOST)).body as RoomPhone;
    expect(renewed.pin).not.toBe(pin);
    expect((await harness.ask(['GET', '/rooms/demo/phone'], undefined, { video: JOIN })).status).toBe(403);
    expect((await harness.ask(['GET', '/rooms/none/phone'])).status).toBe(404);
  });

  it('invitations and calendar files print them', async () => {
    await makeRoom();
    const { pin } = (await admin('GET', '/rooms/demo/phone')).body as RoomPhone;
    const invite = (await harness.ask(['POST', '/rooms/demo/invites'], {})).body as CreatedInvite;
    expect(invite.phone).toMatchObject({ pin, numbers: [{ label: 'London' }, { label: 'Berlin' }] });
    const schedule = {
      room: 'demo',
      title: 'T',
      start: '2027-01-05T09:00',
      timeZone: 'Europe/Berlin',
      durationMinutes: 30,
    };
    const made = await harness.ask(['POST', '/schedules'], schedule);
    expect(made.status).toBe(201);
    const { scheduleId } = made.body as { scheduleId: string };
    const { text } = await harness.ask(['GET', `/schedules/${scheduleId}/calendar`]);
    const unfolded = text.replace(/\r\n /g, '');
    expect(unfolded).toContain(`PIN: ${pin}`);
    const lister = { video: { roomList: true } };
    const told = await harness.ask(['GET', `/schedules/${scheduleId}/calendar`], undefined, lister);
    expect(told.text).not.toContain(pin);
    expect(unfolded).toContain(`tel:+493012345678,,${pin}%23`);
  });

  it('somebody has a PIN of their own, which is shown once and can be revoked', async () => {
    await makeRoom();
    const body = { identity: 'bob', displayName: 'Bob', role: 'host' };
    const made = (await harness.ask(['POST', '/rooms/demo/pins'], body, HOST)).body as CreatedPin;
    const attempt = { legId: 'L', from: '+1', trunkId: 'fixed', digits: made.pin };
    expect(await harness.office.directory.checkPin(attempt)).toMatchObject({
      kind: 'accepted',
      identity: 'bob',
      role: 'host',
    });
    const list = await harness.ask(['GET', '/rooms/demo/pins'], undefined, HOST);
    expect(list.body).toMatchObject({
      items: [{ pinId: made.pinId, displayName: 'Bob', createdBy: { identity: 'ann' } }],
    });
    expect(list.text).not.toContain(made.pin);
    const owner = await harness.ask(['POST', '/rooms/demo/pins'], { ...body, role: 'owner' }, HOST);
    expect(owner.status).toBe(403);
    expect((await harness.ask(['DELETE', `/rooms/demo/pins/${made.pinId}`], undefined, HOST)).status).toBe(
      204,
    );
    expect(await harness.office.directory.checkPin(attempt)).toMatchObject({ kind: 'wrong' });
    const audit = await harness.ask(['GET', '/rooms/demo/audit']);
    expect(audit.text).toContain('pin.revoke');
    expect(audit.text).not.toContain(made.pin);
  });
});

describe('calls', () => {
  it('are listed, filtered and paged', async () => {
    const { calls } = harness.office;
    const list = [
      call({ startedAt: 1 }),
      call({ startedAt: 2, direction: 'out', from: '', to: '+4312345678' }),
      call({ startedAt: 3, answeredAt: null, room: null }),
    ];
    for (const one of list) calls.ended(one);
    const ids = async (query: string) => {
      const { body } = await admin('GET', `/calls?${query}`);
      return (body as { items: CallRecord[] }).items.map(({ startedAt }) => startedAt);
    };
    expect(await ids('')).toEqual([3, 2, 1]);
    expect(await ids('direction=out')).toEqual([2]);
    expect(await ids('number=%2B4312345678')).toEqual([2]);
    expect(await ids('answered=false')).toEqual([3]);
    expect(await ids('room=demo&since=2')).toEqual([2]);
    expect(await ids('until=2&trunkId=fixed')).toEqual([1]);
    const page = (await admin('GET', '/calls?limit=2')).body as { nextCursor: string };
    expect(await ids(`limit=2&cursor=${page.nextCursor}`)).toEqual([1]);
    expect((await admin('GET', '/calls?cursor=x')).status).toBe(400);
    expect((await admin('GET', `/calls/${list[0]?.callId ?? ''}`)).body).toEqual(list[0]);
    expect((await admin('GET', '/calls/none')).body).toMatchObject({ error: { code: 'CALL_NOT_FOUND' } });
  });

  it('as a table hold nothing that a spreadsheet runs', async () => {
    harness.office.calls.ended(
      call({
        callId: 'CL_evil',
        startedAt: 9,
        identity: '=HYPERLINK("http://evil","x")',
        why: '@SUM(1),\r\n"a"',
      }),
    );
    const answer = await admin('GET', '/calls.csv?since=9');
    const lines = answer.text.split('\r\n');
    expect(lines[0]).toMatch(/^callId,direction,trunkId,extension,from,to,/);
    expect(answer.text).toContain(`"'+4930999999"`);
    expect(answer.text).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`);
    expect(answer.text).toContain(`"'@SUM(1),\r\n""a"""`);
    expect(answer.text).toContain('1970-01-01T00:01:02.000Z,60,caller,200,');
    for (const cell of answer.text.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+@-]/);
  });

  it('that were refused are told with why', async () => {
    const refused = {
      trunkId: null,
      source: '198.51.100.7',
      from: '+1',
      to: '+2',
      status: 403,
      why: 'Wrong password.',
      at: 5,
    };
    harness.office.calls.refused(refused);
    expect((await admin('GET', '/calls/refused')).body).toMatchObject({ items: [refused] });
  });

  it('of a meeting stand in its history, and go with it', async () => {
    await harness.people.enter('ann', { role: 'host' });
    const { meetingId } = harness.people.rooms.room('demo');
    harness.office.calls.ended(call({ callId: 'CL_meeting', meetingId }));
    const { body } = await admin('GET', `/rooms/demo/meetings/${meetingId ?? ''}`);
    expect((body as MeetingDetails).calls.map(({ callId }) => callId)).toEqual(['CL_meeting']);
    const { stores } = harness.people;
    expect(stores.history.deleteCalls(62_000, 100)).toBeLessThan(100);
    expect(stores.calls.find('CL_meeting')).toBeDefined();
    stores.history.deleteCalls(62_001, 1000);
    expect(stores.calls.find('CL_meeting')).toBeUndefined();
  });
});
