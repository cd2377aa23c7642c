/** The choices that settings of a room have, in words. */
import type { Option } from '../../../ui/Select.tsx';
import { count, formatSpan } from '../../../lib/moments.ts';

const who = (everybody: string, hosts: string): Option[] => [
  { value: 'everyone', label: `Everybody ${everybody}` },
  { value: 'hosts', label: `Only hosts ${hosts}` },
];

export const LOBBY: Option[] = [
  { value: 'off', label: 'Nobody waits' },
  { value: 'guests', label: 'Guests wait until a host lets them in' },
  { value: 'notHosts', label: 'Everybody but hosts waits' },
  { value: 'everyone', label: 'Everybody but the owner waits' },
];
export const SUCCESSOR: Option[] = [
  { value: 'nobody', label: 'With no host there, nobody lets people in' },
  { value: 'member', label: 'With no host there, whoever is no guest lets people in' },
  { value: 'anyone', label: 'With no host there, whoever came first lets people in' },
];
export const PUBLISHING = who('turns on camera and microphone', 'turn on camera and microphone');
export const SHARING = who('shares a screen', 'share a screen');
export const RENAMING = who('changes their own name', 'change names');
export const RECORDING = who('records', 'record');
export const AUTO_RECORD: Option[] = [
  { value: 'off', label: 'Nothing is recorded by itself' },
  { value: 'composite', label: 'Picture and sound are recorded by themselves' },
  { value: 'tracks', label: 'Each track is recorded by itself' },
  { value: 'audio', label: 'The sound is recorded by itself' },
];
export const CONSENT: Option[] = [
  { value: 'notify', label: 'Everybody sees that a recording runs' },
  { value: 'ask', label: 'Only who agrees is recorded or streamed' },
];
export const CHAT: Option[] = [
  { value: 'everyone', label: 'Everybody writes to all' },
  { value: 'hosts', label: 'Only hosts write to all' },
  { value: 'nobody', label: 'Nobody writes to all' },
];
export const PRIVATE_CHAT: Option[] = [
  { value: 'everyone', label: 'Everybody writes privately to everybody' },
  { value: 'withHosts', label: 'Private messages only with hosts' },
  { value: 'nobody', label: 'No private messages' },
];
export const UPLOADING: Option[] = [
  { value: 'everyone', label: 'Everybody shares files' },
  { value: 'hosts', label: 'Only hosts share files' },
  { value: 'nobody', label: 'Nobody shares files' },
];
export const GUEST_ROLE: Option[] = [
  { value: 'participant', label: 'Guests take part' },
  { value: 'viewer', label: 'Webinar: guests see and hear only' },
];
export const DUPLICATE: Option[] = [
  { value: 'replace', label: 'Joining again takes over from the other device' },
  { value: 'refuse', label: 'Joining again is refused while in' },
];

const withCurrent = (numbers: readonly number[], current: number): number[] =>
  [...new Set([...numbers, current])].sort((a, b) => a - b);

export const sizeOptions = (current: number): Option[] =>
  withCurrent([0, 5, 10, 25, 50, 100, 200, 500], current).map((size) => ({
    value: String(size),
    label: size === 0 ? 'Any number of people' : `At most ${count(size, 'person', 'people')}`,
  }));

/** `zero` is said for 0; the others begin with `words`. */
export const timeOptions = (
  minutes: readonly number[],
  texts: { zero: string; words: string; current: number },
): Option[] =>
  withCurrent(
    minutes.map((each) => each * 60),
    texts.current,
  ).map((seconds) => ({
    value: String(seconds),
    label: seconds === 0 ? texts.zero : `${texts.words} ${formatSpan(seconds * 1000)}`,
  }));
