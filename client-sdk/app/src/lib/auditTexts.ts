/** What the audit log says, in words: one table from action to sentence. */
import type { AuditEntryInfo } from '@parley/client-sdk';

type Details = Readonly<Record<string, unknown>>;
interface Names {
  /** Who did it. */
  by: string;
  /** Whom it was done to. */
  to: string;
}
type Sentence = (names: Names, details: Details) => string;

const ROLES: Readonly<Record<string, string>> = {
  owner: 'the owner',
  host: 'a host',
  participant: 'a participant',
  viewer: 'a viewer',
};
const SOURCES: Readonly<Record<string, string>> = {
  camera: 'camera',
  screen: 'shared screen',
  screenAudio: 'sound of the shared screen',
};
const WHAT: Readonly<Record<string, string>> = {
  composite: 'picture and sound',
  tracks: 'each track',
  audio: 'the sound',
};
/** Settings by name, as they stand in "Ann changed …". */
const SETTINGS: Readonly<Record<string, string>> = {
  title: 'the title',
  metadata: 'the data of the application',
  maxParticipants: 'how many may be in',
  guestsAllowed: 'whether guests may join',
  guestRole: 'what guests are',
  locked: 'the lock',
  lobby: 'who waits in the lobby',
  lobbyText: 'the text of the lobby',
  successor: 'who admits when no host is there',
  publishing: 'who may use camera and microphone',
  sharing: 'who may share the screen',
  chatting: 'who may write to all',
  privateChat: 'who may write privately',
  uploading: 'who may share files',
  recording: 'who may record',
  autoRecord: 'what is recorded by itself',
  autoRecordFormat: 'the format of what is recorded by itself',
  recordingConsent: 'whether people are asked before they are recorded',
  recordBreakouts: 'whether breakout rooms are recorded',
  renaming: 'who may change names',
  unmuting: 'whether unmuting needs approval',
  chatHistory: 'what late comers see of the chat',
  duplicateIdentity: 'what happens when somebody joins twice',
  emptyTimeout: 'when an empty meeting ends',
  hostAbsentTimeout: 'when a meeting without a host ends',
  maxDuration: 'how long a meeting may last',
  opensAt: 'when the room opens',
  closesAt: 'when the room closes',
  hasPassword: 'the password',
};

const SENTENCES: Readonly<Record<string, Sentence>> = {
  'room.create': ({ by }) => `${by} created the room`,
  'room.delete': ({ by }) => `${by} deleted the room`,
  'room.update': ({ by }, details) => `${by} ${changes(details)}`,
  'room.end': ({ by }) => `${by} ended the meeting for everybody`,
  'room.muteAll': ({ by }, { hard }) =>
    hard === true ? `${by} muted everybody, until they are allowed to unmute` : `${by} muted everybody`,
  'room.spotlight': ({ by }, { identities }) =>
    sizeOf(identities) === 0 ? `${by} took away the spotlight` : `${by} put somebody in the spotlight`,
  'room.setTimer': ({ by }, { seconds }) =>
    seconds === 0 ? `${by} stopped the timer` : `${by} set a timer of ${timeOf(seconds)}`,
  'room.passwordGuessing': () => 'Somebody tried many wrong passwords; trying was slowed down',
  'participant.mute': ({ by, to }, { source, hard }) => {
    const device = SOURCES[text(source)];
    if (device !== undefined) return `${by} stopped the ${device} of ${to}`;
    return hard === true ? `${by} muted ${to}, until they are allowed to unmute` : `${by} muted ${to}`;
  },
  'participant.askToUnmute': ({ by, to }) => `${by} asked ${to} to unmute`,
  'participant.answerUnmute': ({ by, to }, { allowed }) =>
    allowed === true ? `${by} let ${to} unmute` : `${by} did not let ${to} unmute`,
  'participant.setRole': ({ by, to }, { role }) =>
    `${by} made ${to} ${ROLES[text(role)] ?? 'something else'}`,
  'participant.rename': ({ by, to }, { from }) =>
    text(from) === '' ? `${by} renamed ${to}` : `${by} renamed ${text(from)} to ${to}`,
  'participant.remove': ({ by, to }) => `${by} removed ${to}`,
  'participant.ban': ({ by, to }) => `${by} banned ${to}`,
  'participant.sendToLobby': ({ by, to }) => `${by} sent ${to} back to the lobby`,
  'participant.lowerHand': ({ by, to }) => `${by} lowered the hand of ${to}`,
  'ban.lift': ({ by, to }) => `${by} lifted the ban of ${to}`,
  'invite.create': ({ by }, { role, label }) =>
    `${by} made an invite link for ${ROLES[text(role)] ?? 'a participant'}${named(label)}`,
  'invite.revoke': ({ by }, { label }) => `${by} revoked an invite link${named(label)}`,
  'lobby.admit': ({ by, to }) => `${by} let ${to} in`,
  'lobby.deny': ({ by, to }) => `${by} turned ${to} away`,
  'lobby.ban': ({ by, to }) => `${by} turned ${to} away for good`,
  'lobby.successor': ({ to }) => `No host was there, so ${to} could let people in`,
  'breakout.create': ({ by }, { names }) =>
    `${by} made ${sizeOf(names) === 1 ? 'a breakout room' : 'breakout rooms'}`,
  'breakout.rename': ({ by }, { name }) => `${by} renamed a breakout room${named(name)}`,
  'breakout.delete': ({ by }) => `${by} took away a breakout room`,
  'breakout.assign': ({ by }) => `${by} put people into breakout rooms`,
  'breakout.assignRandomly': ({ by }) => `${by} spread people over the breakout rooms`,
  'breakout.open': ({ by }) => `${by} opened the breakout rooms`,
  'breakout.setTime': ({ by }) => `${by} changed the time of the breakout rooms`,
  'breakout.close': ({ by }) => `${by} closed the breakout rooms`,
  'breakout.broadcast': ({ by }) => `${by} wrote to all breakout rooms`,
  'chat.delete': ({ by, to }) => `${by} deleted a message of ${to}`,
  'chat.clear': ({ by }) => `${by} cleared the chat`,
  'poll.create': ({ by }, { question }) => `${by} started a poll${named(question)}`,
  'poll.close': ({ by }) => `${by} closed a poll`,
  'poll.showResults': ({ by }, { shown }) =>
    shown === false ? `${by} hid the results of a poll` : `${by} showed the results of a poll`,
  'poll.delete': ({ by }) => `${by} deleted a poll`,
  'recording.start': ({ by }, { kind, breakoutId }) =>
    `${by} started to record ${WHAT[text(kind)] ?? 'the meeting'}${text(breakoutId) === '' ? '' : ' of a breakout room'}`,
  'recording.stop': ({ by }) => `${by} ended a recording`,
  'recording.pause': ({ by }) => `${by} paused a recording`,
  'recording.resume': ({ by }) => `${by} went on with a recording`,
  'recording.setLayout': ({ by }) => `${by} changed the picture of a recording`,
  'recording.mark': ({ by }) => `${by} marked a moment of a recording`,
  'live.start': ({ by }) => `${by} made the meeting live`,
  'live.stop': ({ by }) => `${by} ended the live stream`,
  'live.addTarget': ({ by }, { target }) => `${by} added a target of the live stream${named(target)}`,
  'live.removeTarget': ({ by }, { target }) => `${by} took away a target of the live stream${named(target)}`,
  'phone.dial': ({ by }, { number }) => `${by} called ${phone(number)}`,
  'phone.cancel': ({ by }, { number }) => `${by} ended the call with ${phone(number)}`,
  'phone.transfer': ({ by }, { number, target }) =>
    `${by} handed the call with ${phone(number)} over${text(target) === '' ? '' : ` to ${text(target)}`}`,
  'pin.renew': ({ by }) => `${by} made a new PIN for callers`,
  'pin.create': ({ by }, { identity, label }) =>
    `${by} made a PIN for ${text(identity) || 'a caller'}${named(label)}`,
  'pin.revoke': ({ by }, { identity, label }) =>
    `${by} revoked the PIN of ${text(identity) || 'a caller'}${named(label)}`,
};

/** One sentence without a full stop. What the table does not know is told by its name. */
export function auditText({
  by,
  to,
  action,
  details,
}: Pick<AuditEntryInfo, 'by' | 'to' | 'action' | 'details'>): string {
  const names = { by: by?.displayName ?? 'The server', to: to?.displayName ?? 'somebody' };
  const sentence = Object.hasOwn(SENTENCES, action) ? SENTENCES[action] : undefined;
  if (sentence) return sentence(names, details);
  return to === null ? `${names.by}: ${action}` : `${names.by}: ${action} (${names.to})`;
}

function changes(details: Details): string {
  const keys = Object.keys(details);
  if (keys.length === 1 && typeof details['locked'] === 'boolean')
    return details['locked'] ? 'locked the meeting' : 'unlocked the meeting';
  if (keys.length === 1 && typeof details['hasPassword'] === 'boolean')
    return details['hasPassword'] ? 'set a password' : 'took away the password';
  const names = keys.map((key) => (Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined) ?? key);
  return names.length === 0 ? 'changed nothing' : `changed ${listed(names)}`;
}

const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Callers may withhold their number. */
const phone = (number: unknown): string => text(number) || 'a phone';
const named = (name: unknown): string => (text(name) === '' ? '' : `: ${text(name)}`);
const sizeOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
const timeOf = (seconds: unknown): string =>
  typeof seconds !== 'number' || seconds < 60 ? `${Number(seconds)} s` : `${Math.round(seconds / 60)} min`;
