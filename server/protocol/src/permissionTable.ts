/**
 * Who may ask for what, and when: one row for each method, one list of roles for each state of a session. What is not
 * listed is refused. A method without a row does not compile. Finer rules, such as that nobody but an owner may change an
 * owner, stand with the methods in the domain.
 */
import type { Role } from './constants.ts';
import type { MethodName } from './methods.ts';

/** Methods that open a session have no role yet. */
export type OpeningMethod = 'session.hello' | 'session.resume';
export type SessionMethod = Exclude<MethodName, OpeningMethod>;

export const SESSION_STATES = ['open', 'knocking', 'joined'] as const;
/** `open`: said hello, asked for nothing yet. `knocking`: waits in the lobby. `joined`: in the room. */
export type SessionStateName = (typeof SESSION_STATES)[number];

/** A successor is a participant who may admit from the lobby because no host is there. */
export const ACTING_ROLES = ['owner', 'host', 'successor', 'participant', 'viewer'] as const;
export type ActingRole = Role | 'successor';

type Row = Partial<Record<SessionStateName, readonly ActingRole[]>>;

const ALL = ACTING_ROLES;
const HOSTS = ['owner', 'host'] as const;
const ADMITTING = ['owner', 'host', 'successor'] as const;
const SENDING = ['owner', 'host', 'successor', 'participant'] as const;

const everywhere = { open: ALL, knocking: ALL, joined: ALL } as const;
const inRoom = { joined: ALL } as const;
const senders = { joined: SENDING } as const;
const hosts = { joined: HOSTS } as const;
const admitting = { joined: ADMITTING } as const;

export const PERMISSION_TABLE = {
  'session.ping': everywhere,
  'room.join': { open: ALL, knocking: ALL },
  'room.leave': everywhere,
  'room.update': hosts,
  'room.end': hosts,
  'room.setTimer': hosts,
  'room.spotlight': hosts,
  'room.muteAll': hosts,
  'participant.updateSelf': inRoom,
  'participant.mute': hosts,
  'participant.askToUnmute': hosts,
  'participant.setRole': hosts,
  'participant.rename': hosts,
  'participant.remove': hosts,
  'participant.sendToLobby': hosts,
  'participant.raiseHand': inRoom,
  'participant.lowerHand': inRoom,
  'participant.requestUnmute': senders,
  'participant.answerUnmute': hosts,
  'participant.react': inRoom,
  'lobby.admit': admitting,
  'lobby.admitAll': admitting,
  'lobby.deny': admitting,
  'lobby.message': admitting,
  'breakout.create': hosts,
  'breakout.rename': hosts,
  'breakout.delete': hosts,
  'breakout.assign': hosts,
  'breakout.assignRandomly': hosts,
  'breakout.open': hosts,
  'breakout.setTime': hosts,
  'breakout.close': hosts,
  'breakout.visit': inRoom,
  'breakout.broadcast': hosts,
  'breakout.askForHelp': inRoom,
  'chat.send': inRoom,
  'chat.openUpload': senders,
  'chat.openFile': inRoom,
  'chat.edit': inRoom,
  'chat.delete': inRoom,
  'chat.react': inRoom,
  'chat.history': inRoom,
  'chat.clear': hosts,
  'poll.create': hosts,
  'poll.vote': inRoom,
  'poll.close': hosts,
  'poll.showResults': hosts,
  'poll.delete': hosts,
  'recording.start': senders,
  'recording.stop': senders,
  'recording.pause': senders,
  'recording.resume': senders,
  'recording.setLayout': senders,
  'recording.mark': senders,
  'recording.consent': inRoom,
  'live.start': hosts,
  'live.stop': hosts,
  'live.addTarget': hosts,
  'live.removeTarget': hosts,
  'live.setLayout': hosts,
  'phone.dial': senders,
  'phone.cancel': inRoom,
  'phone.sendDigits': inRoom,
  'phone.transfer': senders,
  'media.createTransport': inRoom,
  'media.createPlainTransport': inRoom,
  'media.connectTransport': inRoom,
  'media.restartIce': inRoom,
  'media.publish': senders,
  'media.unpublish': senders,
  'media.setMuted': senders,
  'media.updateSubscriptions': inRoom,
  'media.resumeConsumer': inRoom,
  'media.requestKeyFrame': inRoom,
  'media.produceData': inRoom,
  'media.consumeData': inRoom,
} as const satisfies Record<SessionMethod, Row>;

/** Whether the table lists this role for this method in this state. */
export function isAllowed(method: SessionMethod, state: SessionStateName, role: ActingRole): boolean {
  const row: Row = PERMISSION_TABLE[method];
  return row[state]?.includes(role) ?? false;
}
