/** Who may ask for what by REST: one table, which has every route that needs a token. */
import { ERRORS, type ErrorCode, type Role, type VideoGrant } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { recordOf } from '../recordings/testing/recordOf.ts';
import { RealHarness } from './testing/RealHarness.ts';

const JOIN = { room: 'demo', roomJoin: true };
const CREATE = { roomCreate: true };
const ASKING: Record<string, { video: VideoGrant; role?: Role }> = {
  none: { video: {} },
  join: { video: JOIN },
  joinAsHost: { video: JOIN, role: 'host' },
  joinOtherAsHost: { video: { ...JOIN, room: 'other' }, role: 'host' },
  create: { video: CREATE },
  createOther: { video: { ...CREATE, room: 'other' } },
  list: { video: { roomList: true } },
  admin: { video: { roomAdmin: true } },
  adminHere: { video: { roomAdmin: true, room: 'demo' } },
  record: { video: { roomRecord: true } },
  recordHere: { video: { roomRecord: true, room: 'demo' } },
  recordOther: { video: { roomRecord: true, room: 'other' } },
  adminOther: { video: { roomAdmin: true, room: 'other' } },
};
const HOSTS = ['joinAsHost', 'admin', 'adminHere'];
const SEEING = ['join', 'list', ...HOSTS];
const RECORDERS = [...HOSTS, 'record', 'recordHere'];
const PLANNERS = ['create', ...HOSTS];
const READERS = ['list', ...PLANNERS];
const PLAN = { room: 'demo', start: '2030-01-01T09:00', timeZone: 'UTC', durationMinutes: 30 };
/** Scheduled anew for each test: its room is the one that counts. */
const SCHEDULE = '/schedules/SC_here';
/** Kept anew for each test, of the room `demo`. */
const RECORDING = '/recordings/RC_here';
const RUNNING = '/rooms/demo/recordings/RC_here';
const HOOK = '/webhooks/WH_1';
const PERSON = '/rooms/demo/participants/bob';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Method, URL, body, and who is let through; whether what they ask for is there is another matter. */
const ROUTES: [Method, string, object | undefined, allowed: string[]][] = [
  ['POST', '/rooms', { name: 'demo' }, ['create']],
  ['GET', '/rooms', undefined, ['list']],
  ['GET', '/rooms/demo', undefined, SEEING],
  ['PATCH', '/rooms/demo', { settings: {} }, ['create']],
  ['GET', '/rooms/demo/participants', undefined, HOSTS],
  ['GET', PERSON, undefined, HOSTS],
  ['PATCH', PERSON, { displayName: 'Bob' }, HOSTS],
  ['POST', `${PERSON}/mute`, {}, HOSTS],
  ['POST', `${PERSON}/lobby`, undefined, HOSTS],
  ['DELETE', PERSON, undefined, HOSTS],
  ['GET', '/rooms/demo/lobby', undefined, HOSTS],
  ['POST', '/rooms/demo/lobby/admit', undefined, HOSTS],
  ['POST', '/rooms/demo/lobby/KN_1/admit', undefined, HOSTS],
  ['POST', '/rooms/demo/lobby/KN_1/deny', {}, HOSTS],
  ['POST', '/rooms/demo/lobby/messages', { text: 'Soon.' }, HOSTS],
  ['POST', '/rooms/demo/invites', {}, HOSTS],
  ['GET', '/rooms/demo/invites', undefined, HOSTS],
  ['DELETE', '/rooms/demo/invites/IN_1', undefined, HOSTS],
  ['GET', '/rooms/demo/phone', undefined, HOSTS],
  ['POST', '/rooms/demo/phone/renew', undefined, HOSTS],
  ['POST', '/rooms/demo/pins', { displayName: 'Bob' }, HOSTS],
  ['GET', '/rooms/demo/pins', undefined, HOSTS],
  ['DELETE', '/rooms/demo/pins/PN_1', undefined, HOSTS],
  ['POST', '/rooms/demo/calls', { target: '+4930123456' }, HOSTS],
  ['GET', '/rooms/demo/calls', undefined, HOSTS],
  ['DELETE', '/rooms/demo/calls/CL_1', undefined, HOSTS],
  ['POST', '/rooms/demo/calls/CL_1/digits', { digits: '1' }, HOSTS],
  ['POST', '/rooms/demo/calls/CL_1/transfer', { target: '+4930123456' }, HOSTS],
  ['POST', '/rooms/demo/bans', { identity: 'eve' }, HOSTS],
  ['GET', '/rooms/demo/bans', undefined, HOSTS],
  ['DELETE', '/rooms/demo/bans/eve', undefined, HOSTS],
  ['POST', '/rooms/demo/end', undefined, HOSTS],
  ['GET', '/rooms/demo/meetings', undefined, HOSTS],
  ['GET', '/rooms/demo/meetings/MT_1', undefined, HOSTS],
  ['GET', '/rooms/demo/meetings/MT_1/messages', undefined, HOSTS],
  ['GET', '/rooms/demo/meetings/MT_1/files/FI_1', undefined, HOSTS],
  ['GET', '/rooms/demo/audit', undefined, HOSTS],
  ['POST', '/rooms/demo/recordings', {}, RECORDERS],
  ['POST', `${RUNNING}/stop`, undefined, RECORDERS],
  ['POST', `${RUNNING}/pause`, undefined, RECORDERS],
  ['POST', `${RUNNING}/resume`, undefined, RECORDERS],
  ['PATCH', RUNNING, { layout: { kind: 'grid', focus: null } }, RECORDERS],
  ['POST', `${RUNNING}/marks`, { title: 'Here' }, RECORDERS],
  ['POST', '/rooms/demo/live', {}, RECORDERS],
  ['GET', '/rooms/demo/live', undefined, RECORDERS],
  ['PATCH', '/rooms/demo/live', { layout: { kind: 'grid', focus: null } }, RECORDERS],
  ['POST', '/rooms/demo/live/stop', undefined, RECORDERS],
  ['GET', '/rooms/demo/live/targets', undefined, RECORDERS],
  ['POST', '/rooms/demo/live/targets', { url: 'rtmp://live.example.com/app/key' }, RECORDERS],
  ['DELETE', '/rooms/demo/live/targets/TG_1', undefined, RECORDERS],
  ['GET', '/recordings?room=demo', undefined, RECORDERS],
  ['GET', RECORDING, undefined, RECORDERS],
  ['GET', `${RECORDING}/parts/1/content`, undefined, RECORDERS],
  ['GET', `${RECORDING}/thumbnail`, undefined, RECORDERS],
  ['GET', `${RECORDING}/sidecar`, undefined, RECORDERS],
  ['POST', `${RECORDING}/links`, {}, RECORDERS],
  ['DELETE', RECORDING, undefined, RECORDERS],
  ['POST', '/schedules', PLAN, PLANNERS],
  ['GET', '/schedules?room=demo', undefined, READERS],
  ['GET', SCHEDULE, undefined, READERS],
  ['PATCH', SCHEDULE, { title: 'Other' }, PLANNERS],
  ['GET', `${SCHEDULE}/calendar`, undefined, READERS],
  ['GET', `${SCHEDULE}/occurrences?from=0&to=1`, undefined, READERS],
  ['PATCH', `${SCHEDULE}/occurrences/2030-01-02T09:00`, { title: 'Other' }, PLANNERS],
  ['DELETE', `${SCHEDULE}/occurrences/2030-01-02T09:00`, undefined, PLANNERS],
  ['DELETE', SCHEDULE, undefined, PLANNERS],
  ['DELETE', '/rooms/demo', undefined, ['create']],
  ['POST', '/webhooks', { url: 'https://1.1.1.1/', enabled: false }, ['create']],
  ['GET', '/webhooks', undefined, ['create']],
  ['GET', HOOK, undefined, ['create']],
  ['PATCH', HOOK, {}, ['create']],
  ['DELETE', HOOK, undefined, ['create']],
  ['POST', `${HOOK}/test`, undefined, ['create']],
  ['POST', `${HOOK}/replay`, { since: 0 }, ['create']],
  ['GET', `${HOOK}/deliveries`, undefined, ['create']],
  ['GET', `${HOOK}/deliveries/WD_1`, undefined, ['create']],
  ['POST', `${HOOK}/deliveries/WD_1/replay`, undefined, ['create']],
  ['PUT', '/trunks/t', { inbound: {}, enabled: false }, ['create']],
  ['GET', '/trunks', undefined, ['create']],
  ['GET', '/trunks/t', undefined, ['create']],
  ['DELETE', '/trunks/t', undefined, ['create']],
  ['PUT', '/dispatch-rules/r', { target: { kind: 'pin' } }, ['create']],
  ['GET', '/dispatch-rules', undefined, ['create']],
  ['GET', '/dispatch-rules/r', undefined, ['create']],
  ['DELETE', '/dispatch-rules/r', undefined, ['create']],
  ['PUT', '/extensions/100', { password: 'long enough' }, ['create']],
  ['GET', '/extensions', undefined, ['create']],
  ['GET', '/extensions/100', undefined, ['create']],
  ['DELETE', '/extensions/100', undefined, ['create']],
  ['GET', '/calls', undefined, ['create']],
  ['GET', '/calls.csv', undefined, ['create']],
  ['GET', '/calls/refused', undefined, ['create']],
  ['GET', '/calls/CL_1', undefined, ['create']],
];
const BAD_TOKENS: [string, ErrorCode][] = [
  ['Basic YTpi', 'TOKEN_MISSING'],
  ['Bearer a.b.c', 'TOKEN_INVALID'],
];

const errorOf = (body: unknown): string | undefined =>
  (body as { error?: { code: string } } | null)?.error?.code;

/** A daily meeting in the room `demo`. */
function scheduleIn({ people }: RealHarness): void {
  people.stores.schedules.save(
    {
      ...{
        ...PLAN,
        title: '',
        description: '',
        rrule: 'FREQ=DAILY',
        exdates: [],
        changes: [],
        lastStart: null,
      },
      ...{ organizer: null, attendees: [], onlyThen: false, earlyEntryMinutes: 0, status: 'scheduled' },
      ...{ scheduleId: 'SC_here', sequence: 0, createdAt: 1000, updatedAt: 1000 },
      createdBy: { identity: 'ann', displayName: 'Ann' },
    },
    null,
  );
}

/** A recording of the room that there is now; its files are gone. */
function recordIn({ people }: RealHarness): void {
  people.stores.recordings.save(recordOf(people.rooms.getRoom('demo'), { recordingId: 'RC_here' }));
}

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create();
});
afterAll(() => harness.close());

describe('who may ask for what', () => {
  test.each(ROUTES)('%s %s', async (method, url, payload, allowed) => {
    for (const [name, who] of Object.entries(ASKING)) {
      await harness.people.rooms.createRoom({ name: 'demo' });
      scheduleIn(harness);
      recordIn(harness);
      const answer = await harness.ask([method, url], payload, who);
      if (!allowed.includes(name)) expect(errorOf(answer.body), name).toBe('PERMISSION_DENIED');
      else {
        expect(errorOf(answer.body), name).not.toBe('PERMISSION_DENIED');
        expect([200, 201, 204, 404, 409], name).toContain(answer.status);
      }
    }
  });

  test.each(ROUTES)('%s %s needs a good token, before anything else is looked at', async (method, url) => {
    const payload = method === 'GET' ? {} : { payload: { bad: 1 } };
    const ask = (headers: Record<string, string>) =>
      harness.app.inject({ method, url: `/api/v1${url}`, headers, ...payload });
    expect((await ask({})).headers['www-authenticate']).toBe('Bearer realm="parley"');
    const expired = `Bearer ${harness.tokens.sign({ video: { roomCreate: true } }, -3600)}`;
    for (const [authorization, code] of [...BAD_TOKENS, [expired, 'TOKEN_EXPIRED'] as const]) {
      const answer = await ask({ authorization });
      expect([answer.statusCode, errorOf(answer.json())]).toEqual([ERRORS[code].http, code]);
    }
  });

  it('is said here of every route that needs a token', () => {
    const matches = (path: string, url: string): boolean =>
      new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(`/api/v1${url}`.split('?')[0] ?? '');
    // Those of WHIP and WHEP, which are no REST, stand in whip.test.ts; what is everybody's own in personalCalls.test.ts.
    const rest = Object.entries(harness.app.swagger().paths ?? {}).filter(
      ([path]) => path.startsWith('/api/') && !path.startsWith('/api/v1/me/'),
    );
    const declared = rest.flatMap(([path, item]) =>
      Object.entries((item ?? {}) as Record<string, unknown>)
        .filter(
          ([, operation]) => typeof operation === 'object' && operation !== null && 'security' in operation,
        )
        .map(([method]) => [method.toUpperCase(), path] as const),
    );
    const missing = declared.filter(
      ([method, path]) => !ROUTES.some(([m, url]) => m === method && matches(path, url)),
    );
    expect(missing).toEqual([]);
    expect(ROUTES).toHaveLength(declared.length);
  });
});
