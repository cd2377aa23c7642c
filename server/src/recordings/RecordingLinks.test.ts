import { afterEach, expect, it, vi } from 'vitest';
import { RecordingLinks, type LinkClaims } from './RecordingLinks.ts';

afterEach(() => void vi.useRealTimers());
const coded = (code: string): unknown => expect.objectContaining({ code });

it('a link is for one recording, as long as it says, and for this life of the server', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const links = new RecordingLinks();
  const claims: LinkClaims = {
    to: 'bob',
    by: { identity: 'ann', displayName: 'Ann', role: 'host', isIntegrator: false, ownsThisOnly: false },
    ...{ issuedAt: Date.now(), expiresAt: Date.now() + 600_000 },
  };
  const ticket = links.sign('RC_a', claims);
  expect(links.verify('RC_a', ticket)).toEqual(claims);
  expect(() => links.verify('RC_b', ticket)).toThrow(coded('TOKEN_INVALID'));
  expect(() => new RecordingLinks().verify('RC_a', ticket)).toThrow(coded('TOKEN_INVALID'));
  const longer = Buffer.from(JSON.stringify({ ...claims, expiresAt: claims.expiresAt + 1 })).toString(
    'base64url',
  );
  const forged = `${longer}.${ticket.split('.')[1] ?? ''}`;
  for (const one of ['', ticket.slice(0, -1), `${ticket}x`, forged])
    expect(() => links.verify('RC_a', one)).toThrow(coded('TOKEN_INVALID'));
  vi.advanceTimersByTime(599_999);
  expect(links.verify('RC_a', ticket)).toEqual(claims);
  vi.advanceTimersByTime(1);
  expect(() => links.verify('RC_a', ticket)).toThrow(coded('TOKEN_EXPIRED'));
});
