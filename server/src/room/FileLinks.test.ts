import { afterEach, expect, it, vi } from 'vitest';
import { FileLinks } from './FileLinks.ts';

afterEach(() => void vi.useRealTimers());
const coded = (code: string): unknown => expect.objectContaining({ code });

it('a link is for one file and five minutes, and for this life of the server', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const links = new FileLinks();
  const { ticket, expiresAt } = links.sign('FI_a', 'PA_ann');
  expect(expiresAt - Date.now()).toBe(300_000);
  expect(links.verify('FI_a', ticket)).toBe('PA_ann');
  expect(() => links.verify('FI_b', ticket)).toThrow(coded('TOKEN_INVALID'));
  expect(() => new FileLinks().verify('FI_a', ticket)).toThrow(coded('TOKEN_INVALID'));
  for (const forged of ['', 'PA_ann', ticket.replace('ann', 'bob'), `${ticket}x`, ticket.slice(0, -1)])
    expect(() => links.verify('FI_a', forged)).toThrow(coded('TOKEN_INVALID'));
  vi.advanceTimersByTime(300_000);
  expect(() => links.verify('FI_a', ticket)).toThrow(coded('TOKEN_EXPIRED'));
});
