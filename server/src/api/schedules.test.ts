import type { Occurrence, ScheduleInfo } from '@parley/protocol';
import ICAL from 'ical.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { SqliteStore } from '../store/SqliteStore.ts';
import { ADMIN, JOIN, RealHarness, type Answer } from './testing/RealHarness.ts';

let harness: RealHarness;
beforeAll(async () => {
  const dialIn = JSON.stringify([{ label: 'Berlin', number: '+49 30 1234567' }]);
  harness = await RealHarness.create({ PARLEY_MEETINGS_DIAL_IN: dialIn });
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-03-01T12:00Z') });
});
afterEach(async () => {
  await harness.clear();
  harness.people.stores.history.deleteSchedules(Number.MAX_SAFE_INTEGER, 1000);
  vi.useRealTimers();
});
afterAll(() => harness.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const WEEKLY = {
  ...{ room: 'demo', title: 'Monday meeting', start: '2027-03-15T09:00', timeZone: 'Europe/Berlin' },
  ...{ durationMinutes: 60, rrule: 'FREQ=WEEKLY;BYDAY=MO' },
};
const ask = (method: Method, url: string, body?: object): Promise<Answer> => harness.ask([method, url], body);
async function plan(more: object = {}): Promise<ScheduleInfo> {
  const { status, body } = await ask('POST', '/schedules', { ...WEEKLY, ...more });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body as ScheduleInfo;
}
const refused = (code: string, details: object = {}): unknown => ({
  error: expect.objectContaining({
    code,
    ...(Object.keys(details).length > 0 && { details: expect.objectContaining(details) as unknown }),
  }) as unknown,
});
async function occurrences(scheduleId: string, from: string, to: string): Promise<Occurrence[]> {
  const range = `from=${Date.parse(`${from}T00:00Z`)}&to=${Date.parse(`${to}T00:00Z`)}`;
  const { body } = await ask('GET', `/schedules/${scheduleId}/occurrences?${range}`);
  return (body as { items: Occurrence[] }).items;
}
const starts = (list: Occurrence[]): string[] =>
  list.map(({ startsAt }) => new Date(startsAt).toISOString().slice(0, 16));

describe('schedules', () => {
  it('are made, with their room, and outlive the process', async () => {
    const made = await plan({ settings: { lobby: 'everyone' }, description: 'About\nthis' });
    expect(made).toMatchObject({
      ...WEEKLY,
      ...{ status: 'scheduled', sequence: 0, onlyThen: false, exdates: [], changes: [], overAt: null },
      joinUrl: 'http://meet.test/r/demo',
      createdBy: { identity: 'ann' },
      next: { start: '2027-03-15T09:00', startsAt: Date.parse('2027-03-15T08:00Z') },
    });
    expect(made).not.toHaveProperty('lastStart');
    expect((await ask('GET', '/rooms/demo')).body).toMatchObject({ settings: { lobby: 'everyone' } });
    const store = SqliteStore.open(harness.people.dataDir);
    expect(store.schedules.find(made.scheduleId)).toMatchObject({ title: 'Monday meeting', sequence: 0 });
    store.close();
    expect((await ask('GET', `/schedules/${made.scheduleId}`)).body).toEqual(made);
    expect((await ask('GET', '/rooms/demo/audit')).body).toMatchObject({
      items: [{ action: 'schedule.create', details: { scheduleId: made.scheduleId } }],
    });
  });

  it('of a room with other settings are refused, and make no room when they are not in order', async () => {
    await ask('POST', '/rooms', { name: 'demo', settings: { password: 'tulip' } });
    expect((await ask('POST', '/schedules', { ...WEEKLY, settings: { title: 'Other' } })).body).toEqual(
      refused('ROOM_EXISTS'),
    );
    await plan();
    const bad = { ...WEEKLY, room: 'other', rrule: 'FREQ=SECONDLY' };
    expect((await ask('POST', '/schedules', bad)).body).toEqual(refused('RULE_REFUSED', { path: 'rrule' }));
    expect((await ask('GET', '/rooms/other')).status).toBe(404);
  });

  test.each([
    [{ start: '2027-02-30T09:00' }, 'INVALID_PARAMS', { path: 'start' }],
    [{ start: '2027-03-28T02:30', rrule: null }, 'INVALID_PARAMS', { path: 'start' }],
    [{ timeZone: 'Europe/Atlantis' }, 'INVALID_PARAMS', { path: 'timeZone' }],
    [{ timeZone: '+01:00' }, 'INVALID_PARAMS', {}],
    [{ rrule: 'FREQ=WEEKLY;BYDAY=TU' }, 'RULE_REFUSED', { firstOccurrence: '2027-03-16T09:00' }],
    [{ rrule: 'x'.repeat(501) }, 'INVALID_PARAMS', {}],
    [{ exdates: ['2027-03-15'] }, 'INVALID_PARAMS', {}],
    [{ durationMinutes: 0 }, 'INVALID_PARAMS', {}],
    [{ start: '2027-03-01T11:00', rrule: null }, 'INVALID_PARAMS', { path: 'start' }],
    [{ start: '2027-02-01T09:00', rrule: 'FREQ=DAILY;COUNT=3' }, 'INVALID_PARAMS', { path: 'start' }],
    [{ rrule: 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20270301' }, 'RULE_REFUSED', { path: 'rrule', part: 'UNTIL' }],
    [{ room: 'new', settings: { opensAt: 2, closesAt: 1 } }, 'INVALID_PARAMS', { path: 'closesAt' }],
    [{ organizer: { name: 'Ann', email: 'ann@example.org\r\nX:1' } }, 'INVALID_PARAMS', {}],
  ])('with %j are refused', async (more, code, details) => {
    expect((await ask('POST', '/schedules', { ...WEEKLY, ...more })).body).toEqual(refused(code, details));
  });

  it('are listed in pages, by room and by state', async () => {
    const first = await plan();
    const second = await plan({ rrule: null });
    const past = await plan({ start: '2027-03-02T09:00', rrule: 'FREQ=DAILY;COUNT=3' });
    const other = await plan({ room: 'other' });
    vi.setSystemTime(Date.parse('2027-03-05T12:00Z'));
    await ask('DELETE', `/schedules/${second.scheduleId}`);
    const list = async (query: string) =>
      (await ask('GET', `/schedules?${query}`)).body as { items: ScheduleInfo[]; nextCursor: string | null };
    const idsOf = async (query: string): Promise<string[]> =>
      (await list(query)).items.map(({ scheduleId }) => scheduleId);
    const page = await list('room=demo&limit=2');
    expect(page.items.map(({ scheduleId }) => scheduleId)).toEqual([first.scheduleId, second.scheduleId]);
    const rest = await list(`room=demo&limit=2&cursor=${page.nextCursor}`);
    expect([rest.items.map(({ scheduleId }) => scheduleId), rest.nextCursor]).toEqual([
      [past.scheduleId],
      null,
    ]);
    expect(await idsOf('state=upcoming')).toEqual([first.scheduleId, other.scheduleId]);
    expect(await idsOf('state=over')).toEqual([past.scheduleId]);
    expect(await idsOf('state=cancelled')).toEqual([second.scheduleId]);
    expect((await ask('GET', '/schedules?cursor=x')).body).toEqual(refused('INVALID_PARAMS'));
  });

  it('are changed; what was said of occurrences that are no more is dropped', async () => {
    const { scheduleId } = await plan({ exdates: ['2027-03-22T09:00', '2027-03-23T09:00'] });
    await ask('PATCH', `/schedules/${scheduleId}/occurrences/2027-03-29T09:00`, { title: 'Other' });
    const { body } = await ask('PATCH', `/schedules/${scheduleId}`, { title: 'New', durationMinutes: 30 });
    expect(body).toMatchObject({
      ...{ title: 'New', sequence: 2, exdates: ['2027-03-22T09:00'] },
      changes: [{ occurrence: '2027-03-29T09:00', title: 'Other' }],
    });
    const moved = await ask('PATCH', `/schedules/${scheduleId}`, { start: '2027-03-15T10:00' });
    expect(moved.body).toMatchObject({ sequence: 3, exdates: [], changes: [], updatedAt: Date.now() });
    expect((await ask('PATCH', `/schedules/${scheduleId}`, {})).body).toEqual(refused('INVALID_PARAMS'));
    expect((await ask('PATCH', `/schedules/${scheduleId}`, { rrule: 'FREQ=NEVER' })).body).toEqual(
      refused('RULE_REFUSED'),
    );
  });

  it('begun may go on; what is over is described anew, but not moved to another time in the past', async () => {
    const { scheduleId } = await plan({ start: '2027-03-01T12:30', rrule: null });
    vi.setSystemTime(Date.parse('2027-03-01T13:00Z'));
    const change = (wishes: object) => ask('PATCH', `/schedules/${scheduleId}`, wishes);
    expect((await change({ title: 'Minutes are in the chat' })).status).toBe(200);
    expect((await change({ start: '2027-03-01T12:00' })).body).toEqual(
      refused('INVALID_PARAMS', { path: 'start' }),
    );
    expect((await change({ durationMinutes: 180 })).status).toBe(200);
  });

  it('are cancelled once, however often one asks', async () => {
    const { scheduleId } = await plan();
    for (let times = 0; times < 3; times += 1)
      expect((await ask('DELETE', `/schedules/${scheduleId}`)).status).toBe(204);
    const { body } = await ask('GET', `/schedules/${scheduleId}`);
    expect(body).toMatchObject({ status: 'cancelled', sequence: 1, next: null, overAt: Date.now() });
    expect(await occurrences(scheduleId, '2027-03-01', '2027-04-01')).toEqual([]);
    expect((await ask('PATCH', `/schedules/${scheduleId}`, { title: 'x' })).body).toEqual(
      refused('SCHEDULE_CANCELLED'),
    );
    expect((await ask('DELETE', '/schedules/SC_none')).body).toEqual(refused('SCHEDULE_NOT_FOUND'));
  });

  it('are not changed more often than the server can bear', async () => {
    const { scheduleId } = await plan();
    const authorization = `Bearer ${harness.tokens.sign({ sub: 'ann', video: ADMIN }, 60)}`;
    const from = async (method: Method, url: string, payload?: object) => {
      const headers = { host: 'meet.test', authorization };
      const request = { method, url: `/api/v1/schedules${url}`, headers, remoteAddress: '192.0.2.7' };
      const answer = await harness.app.inject({ ...request, ...(payload && { payload }) });
      return answer.statusCode;
    };
    const bad = { ...WEEKLY, rrule: 'FREQ=NEVER' };
    await vi.waitUntil(async () => (await from('POST', '', bad)) === 429, { timeout: 10_000, interval: 1 });
    const one = `/${scheduleId}/occurrences/2027-03-15T09:00`;
    expect(await from('PATCH', `/${scheduleId}`, { title: 'Again' })).toBe(429);
    expect([await from('PATCH', one, { title: 'Again' }), await from('DELETE', one)]).toEqual([429, 429]);
    // Others go on, and so does reading.
    expect(await from('GET', `/${scheduleId}`)).toBe(200);
    expect((await ask('PATCH', `/schedules/${scheduleId}`, { title: 'Again' })).status).toBe(200);
  });

  it('are cancelled with their room', async () => {
    const { scheduleId } = await plan();
    await ask('DELETE', '/rooms/demo');
    expect((await ask('GET', `/schedules/${scheduleId}`)).body).toMatchObject({
      status: 'cancelled',
      sequence: 1,
    });
  });
});

describe('occurrences', () => {
  it('keep their time on the clock when it is put forward', async () => {
    const { scheduleId } = await plan();
    expect(starts(await occurrences(scheduleId, '2027-03-20', '2027-04-06'))).toEqual([
      '2027-03-22T08:00',
      '2027-03-29T07:00',
      '2027-04-05T07:00',
    ]);
  });

  it('are changed and left out one by one', async () => {
    const { scheduleId } = await plan();
    const one = `/schedules/${scheduleId}/occurrences`;
    const changed = await ask('PATCH', `${one}/2027-03-22T09:00`, {
      start: '2027-03-24T10:30',
      durationMinutes: 15,
    });
    expect(changed.body).toMatchObject({
      ...{
        occurrence: '2027-03-22T09:00',
        start: '2027-03-24T10:30',
        changed: true,
        title: 'Monday meeting',
      },
      endsAt: Date.parse('2027-03-24T09:45Z'),
    });
    expect((await ask('DELETE', `${one}/2027-03-29T09:00`)).status).toBe(204);
    expect((await ask('DELETE', `${one}/2027-03-29T09:00`)).body).toEqual(refused('OCCURRENCE_NOT_FOUND'));
    expect((await ask('PATCH', `${one}/2027-03-23T09:00`, { title: 'x' })).body).toEqual(
      refused('OCCURRENCE_NOT_FOUND'),
    );
    expect(starts(await occurrences(scheduleId, '2027-03-15', '2027-04-06'))).toEqual([
      '2027-03-15T08:00',
      '2027-03-24T09:30',
      '2027-04-05T07:00',
    ]);
    vi.setSystemTime(Date.parse('2027-03-16T00:00Z'));
    const { body } = await ask('GET', `/schedules/${scheduleId}`);
    expect(body).toMatchObject({ sequence: 2, next: { start: '2027-03-24T10:30', changed: true } });
    const single = await plan({ rrule: null, start: '2027-03-16T09:00' });
    const of = `/schedules/${single.scheduleId}/occurrences/2027-03-16T09:00`;
    expect((await ask('DELETE', of)).body).toEqual(refused('WRONG_STATE'));
  });

  it('come in pages, of at most a year', async () => {
    const { scheduleId } = await plan({ rrule: 'FREQ=DAILY' });
    const at = Date.parse('2027-03-15T00:00Z');
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const url = `/schedules/${scheduleId}/occurrences?from=${at}&to=${at + 10 * 86_400_000}&limit=4${cursor}`;
      const page = (await ask('GET', url)).body as { items: Occurrence[]; nextCursor: string | null };
      seen.push(...page.items.map(({ occurrence }) => occurrence.slice(8, 10)));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(['15', '16', '17', '18', '19', '20', '21', '22', '23', '24']);
    const tooLong = `/schedules/${scheduleId}/occurrences?from=${at}&to=${at + 367 * 86_400_000}`;
    expect((await ask('GET', tooLong)).body).toEqual(refused('INVALID_PARAMS', { path: 'to' }));
  });
});

describe('the calendar file', () => {
  const calendarOf = async (scheduleId: string, query = '') => {
    const answer = await harness.app.inject({
      url: `/api/v1/schedules/${scheduleId}/calendar${query}`,
      headers: {
        host: 'meet.test',
        authorization: `Bearer ${harness.tokens.sign({ sub: 'ann', video: ADMIN }, 60)}`,
      },
    });
    return {
      answer,
      event: () => new ICAL.Component(ICAL.parse(answer.body) as unknown[]).getFirstSubcomponent('vevent'),
    };
  };

  it('keeps its name, and its number is raised by each change and by the cancellation', async () => {
    const organizer = { name: 'Ann', email: 'ann@example.org' };
    const { scheduleId } = await plan({ organizer, attendees: [{ name: '', email: 'bob@example.org' }] });
    const first = await calendarOf(scheduleId);
    expect(first.answer.headers).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8; method=PUBLISH',
      'content-disposition': 'attachment; filename="demo.ics"',
      'x-content-type-options': 'nosniff',
    });
    const told = (event: ICAL.Component | null) =>
      ['uid', 'sequence', 'status'].map((name) => String(event?.getFirstPropertyValue(name)));
    const uid = `${scheduleId}@parley`;
    expect(told(first.event())).toEqual([uid, '0', 'CONFIRMED']);
    expect(String(first.event()?.getFirstPropertyValue('description'))).toContain('Berlin: +49 30 1234567');
    await ask('PATCH', `/schedules/${scheduleId}`, { title: 'New' });
    expect(told((await calendarOf(scheduleId, '?method=request')).event())).toEqual([uid, '1', 'CONFIRMED']);
    await ask('DELETE', `/schedules/${scheduleId}`);
    const last = await calendarOf(scheduleId);
    expect(last.answer.headers['content-type']).toContain('method=CANCEL');
    expect(told(last.event())).toEqual([uid, '2', 'CANCELLED']);
  });

  it('invites only when there is somebody to invite', async () => {
    const { scheduleId } = await plan();
    expect((await ask('GET', `/schedules/${scheduleId}/calendar?method=request`)).body).toEqual(
      refused('WRONG_STATE'),
    );
  });
});

describe('hosts', () => {
  it('manage what is scheduled in their room, also those who were made hosts there', async () => {
    const { scheduleId } = await plan();
    const elsewhere = await plan({ room: 'other' });
    const host = { video: JOIN, role: 'host' as const };
    const bob = { video: JOIN, sub: 'bob' };
    const rename = (who: object, id = scheduleId) =>
      harness.ask(['PATCH', `/schedules/${id}`], { title: 'x' }, who);
    expect((await rename(host)).status).toBe(200);
    expect((await rename(host, elsewhere.scheduleId)).body).toEqual(refused('PERMISSION_DENIED'));
    expect((await rename(bob)).body).toEqual(refused('PERMISSION_DENIED'));
    harness.people.rooms.room('demo').members.update('bob', { role: 'host' });
    expect((await rename(bob)).status).toBe(200);
    const made = await harness.ask(['POST', '/schedules'], WEEKLY, bob);
    expect([made.status, (made.body as ScheduleInfo).createdBy.identity]).toEqual([201, 'bob']);
    expect((await harness.ask(['GET', '/schedules'], undefined, bob)).body).toEqual(
      refused('PERMISSION_DENIED'),
    );
    expect((await harness.ask(['GET', '/schedules?room=demo'], undefined, bob)).status).toBe(200);
    const withSettings = { ...WEEKLY, settings: { locked: true } };
    expect((await harness.ask(['POST', '/schedules'], withSettings, host)).body).toEqual(
      refused('PERMISSION_DENIED'),
    );
  });
});

describe('a room that is open only for its meetings', () => {
  const enter = (at: string, identity: string, claims: object = {}) => {
    vi.setSystemTime(Date.parse(at));
    return harness.people.enter(identity, claims);
  };
  const notOpen = (opensAt: string | null): unknown =>
    expect.objectContaining({
      code: 'ROOM_NOT_OPEN',
      details: expect.objectContaining({ opensAt: opensAt && Date.parse(opensAt) }) as unknown,
    });

  it('lets others than hosts in from a little before each start to its end', async () => {
    const { scheduleId } = await plan({ onlyThen: true, earlyEntryMinutes: 5, rrule: 'FREQ=WEEKLY;COUNT=2' });
    await expect(enter('2027-03-15T07:54Z', 'bob')).rejects.toEqual(notOpen('2027-03-15T07:55Z'));
    await enter('2027-03-15T07:54Z', 'hanna', { role: 'host' });
    await enter('2027-03-15T07:55Z', 'bob');
    await enter('2027-03-15T08:59Z', 'cleo');
    await expect(enter('2027-03-15T09:00Z', 'dan')).rejects.toEqual(notOpen('2027-03-22T07:55Z'));
    await expect(enter('2027-03-22T09:00Z', 'dan')).rejects.toEqual(notOpen(null));
    await ask('PATCH', `/schedules/${scheduleId}`, { onlyThen: false });
    await enter('2027-03-22T09:00Z', 'dan');
  });

  it('is open to all when what was scheduled is cancelled', async () => {
    const { scheduleId } = await plan({ onlyThen: true });
    await expect(enter('2027-03-10T09:00Z', 'bob')).rejects.toEqual(notOpen('2027-03-15T07:50Z'));
    await ask('DELETE', `/schedules/${scheduleId}`);
    await enter('2027-03-10T09:00Z', 'bob');
  });

  it('leaves a room of the same name that comes later alone', async () => {
    await plan({ onlyThen: true, start: '2027-03-02T09:00', rrule: null });
    vi.setSystemTime(Date.parse('2027-03-03T12:00Z'));
    await ask('DELETE', '/rooms/demo');
    await enter('2027-03-10T09:00Z', 'bob');
  });
});
