import { createHmac, randomBytes } from 'node:crypto';
import { DisplayName, type Role } from '@parley/protocol';
import { Value } from 'typebox/value';
import type { JoinGrants } from '../../auth/grants.ts';
import type { Call } from './Call.ts';
import { maskNumber } from './maskNumber.ts';

/** New with each start: calls do not outlive the process either. */
const KEY = randomBytes(32);
/** A call may last so long at most, ms. */
const LASTS_MS = 7 * 24 * 3_600_000;

/** As whom a phone comes into a room. */
export interface Caller {
  room: string;
  /** null: nobody knows who it is. */
  identity: string | null;
  displayName: string;
  role: Role;
}

/**
 * Who calls from this number, in this room: the same each time, so that what hosts decided holds when they call again, and
 * nothing of the number can be read from it. `nth` tells those apart who call from one number at the same time.
 */
export function identityOf(room: string, number: string, nth = 1): string {
  if (number === '') return `phone-${randomBytes(12).toString('base64url')}`;
  const mark = createHmac('sha256', KEY).update(`${room}\n${number}`).digest('base64url').slice(0, 16);
  return nth === 1 ? `phone-${mark}` : `phone-${mark}-${nth}`;
}

/** Guests whom a host bans are kept out with their number. */
export const networkOfCall = ({ number, callId }: Call): string => `tel:${number === '' ? callId : number}`;

/** A phone sends sound and nothing else. */
export function grantsOf(call: Call, { room, identity, displayName, role }: Caller): JoinGrants {
  return {
    ...{ room, displayName, role, kind: 'phone' },
    identity: identity ?? identityOf(room, call.number),
    grant: {
      ...{ room, roomJoin: true, canPublishSources: ['microphone'] },
      ...{ canPublishData: false, canUpdateOwnMetadata: false, canDial: false },
    },
    isGuest: identity === null && call.facts.by === null,
    ...{ inviteId: undefined, passwordShown: undefined, signIn: undefined, metadata: '', attributes: {} },
    // A rule or a PIN named the room: whoever wrote it wants it to be there.
    roomCreate: true,
    phone: call.link,
    expiresAt: Date.now() + LASTS_MS,
  };
}

/** The first of these that can be shown; their number, masked, when none can. */
export function shownName(number: string, ...names: (string | null)[]): string {
  for (const name of names) {
    const shown = (name ?? '')
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001f\u007f]+/g, ' ')
      .trim()
      .slice(0, 64)
      .toWellFormed();
    // A caller whose name is their number would show it to everybody.
    const isNumber = /^\+?[\d\s().-]{5,}$/.test(shown);
    if (!isNumber && Value.Check(DisplayName, shown)) return shown;
  }
  return number === '' ? 'Phone' : maskNumber(number);
}
