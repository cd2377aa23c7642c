/** What an invite link is good for, in words. */
import type { InviteInfo, Role } from '@parley/client-sdk';
import { count, formatMoment } from './moments.ts';

const ROLES: Record<Role, string> = {
  owner: 'Owner',
  host: 'Host',
  participant: 'Participant',
  viewer: 'Viewer',
};

export const inviteRoleWords = (role: Role): string => ROLES[role];

type Told = Pick<InviteInfo, 'role' | 'uses' | 'maxUses' | 'expiresAt' | 'state' | 'createdBy'>;

/** `Host · used once of 5 · until 16 Nov, 14:05 · made by Ann` */
export function inviteWords(
  { role, uses, maxUses, expiresAt, state, createdBy }: Told,
  now = Date.now(),
): string {
  return [
    ROLES[role],
    usedWords(uses, maxUses),
    endWords(state, expiresAt, now),
    `made by ${createdBy.displayName}`,
  ].join(' · ');
}

function usedWords(uses: number, maxUses: number | null): string {
  if (maxUses !== null) return `used ${uses} of ${count(maxUses, 'time', 'times')}`;
  if (uses === 0) return 'not used yet';
  return uses === 1 ? 'used once' : `used ${uses} times`;
}

function endWords(state: InviteInfo['state'], expiresAt: number | null, now: number): string {
  if (state === 'usedUp') return 'used up';
  if (expiresAt === null) return 'until revoked';
  return `${state === 'expired' ? 'expired' : 'until'} ${formatMoment(expiresAt, now)}`;
}
