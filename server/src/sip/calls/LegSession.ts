import type { EventEmitter } from 'node:events';
import type { InviteSession } from '../stack/session/InviteSession.ts';
import type { InviteSessionEvents } from '../stack/session/types.ts';

/** What a leg needs of its call: one session, or several phones that ring until the first of them answers. */
export type LegSession = EventEmitter<InviteSessionEvents> &
  Pick<
    InviteSession,
    'direction' | 'state' | 'end' | 'refer' | 'info' | 'replacesId' | 'remoteTarget' | 'peerAddress'
  >;
