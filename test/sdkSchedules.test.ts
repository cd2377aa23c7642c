import { Schedules } from '@parley/client-sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ParleyServer } from './support/ParleyServer.ts';
import { adminToken, joinToken } from './support/tokens.ts';

let server: ParleyServer;
beforeAll(async () => {
  server = await ParleyServer.start({ env: { PARLEY_MEDIA_WORKERS: '1' } });
}, 150_000);
afterAll(() => server.stop());

const WEEKLY = {
  ...{ room: 'demo', title: 'Monday meeting', start: '2037-03-16T09:00', timeZone: 'Europe/Berlin' },
  ...{ durationMinutes: 60, rrule: 'FREQ=WEEKLY;BYDAY=MO' },
};
const coded = (code: string): unknown => expect.objectContaining({ name: 'ParleyError', code });

it('the SDK plans, changes and cancels meetings, and gets their files', async () => {
  const admin = new Schedules(server.url, adminToken());
  const { scheduleId } = await admin.create(WEEKLY);
  const host = new Schedules(server.url, joinToken('demo', 'hanna', { claims: { role: 'host' } }));
  expect(await host.list({ room: 'demo', state: 'upcoming' })).toMatchObject({ items: [{ scheduleId }] });
  expect(await host.update(scheduleId, { title: 'New' })).toMatchObject({ title: 'New', sequence: 1 });
  expect(await host.changeOccurrence(scheduleId, '2037-03-23T09:00', { title: 'Once' })).toMatchObject({
    changed: true,
  });
  await host.cancelOccurrence(scheduleId, '2037-03-30T09:00');
  const range = { from: Date.parse('2037-03-16T00:00Z'), to: Date.parse('2037-04-07T00:00Z') };
  const { items } = await host.listOccurrences(scheduleId, range);
  expect(items.map(({ occurrence, title }) => [occurrence, title])).toEqual([
    ['2037-03-16T09:00', 'New'],
    ['2037-03-23T09:00', 'Once'],
    ['2037-04-06T09:00', 'New'],
  ]);
  const file = await host.calendarFile(scheduleId);
  expect(file.type).toContain('text/calendar');
  expect(await file.text()).toContain(`UID:${scheduleId}@parley\r\n`);
  await expect(host.calendarFile(scheduleId, 'request')).rejects.toEqual(coded('WRONG_STATE'));
  await host.cancel(scheduleId);
  await host.cancel(scheduleId);
  expect(await host.get(scheduleId)).toMatchObject({ status: 'cancelled' });
  const guest = new Schedules(server.url, joinToken('demo', 'bob'));
  await expect(guest.get(scheduleId)).rejects.toEqual(coded('PERMISSION_DENIED'));
  await expect(host.create({ ...WEEKLY, rrule: 'FREQ=SECONDLY' })).rejects.toEqual(coded('RULE_REFUSED'));
});
