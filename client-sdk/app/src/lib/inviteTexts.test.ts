import type { InviteInfo } from '@parley/client-sdk';
import { expect, test } from 'vitest';
import { inviteWords } from './inviteTexts.ts';
import { formatMoment } from './moments.ts';

const NOW = new Date(2027, 2, 17, 12).getTime();
const invite: Pick<InviteInfo, 'role' | 'uses' | 'maxUses' | 'expiresAt' | 'state' | 'createdBy'> = {
  ...{ role: 'host' as const, uses: 0, maxUses: null, expiresAt: null, state: 'open' as const },
  createdBy: { identity: 'ann', displayName: 'Ann' },
};

test.each([
  [invite, 'Host · not used yet · until revoked · made by Ann'],
  [{ ...invite, uses: 1 }, 'Host · used once · until revoked · made by Ann'],
  [{ ...invite, uses: 1, maxUses: 5 }, 'Host · used 1 of 5 times · until revoked · made by Ann'],
  [
    { ...invite, uses: 1, maxUses: 1, state: 'usedUp' as const },
    'Host · used 1 of 1 time · used up · made by Ann',
  ],
  [
    { ...invite, expiresAt: NOW, state: 'expired' as const },
    `Host · not used yet · expired ${formatMoment(NOW, NOW)} · made by Ann`,
  ],
])('%j reads "%s"', (told, words) => {
  expect(inviteWords(told, NOW)).toBe(words);
});
