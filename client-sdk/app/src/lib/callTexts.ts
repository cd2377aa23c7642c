/** What becomes of calls, in words, and why one could not be made. */
import { ParleyError, type ErrorCode, type Participant, type PhoneCall } from '@parley/client-sdk';
import type { ErrorText } from './errorTexts.ts';
import { formatNumber } from './phoneNumbers.ts';

type State = PhoneCall['state'];
/** How a call looks: under way, going on, held, over without having worked, over. */
export type CallTone = 'trying' | 'on' | 'held' | 'failed' | 'over';

const STATES: Record<State, { words: string; tone: CallTone }> = {
  dialing: { words: 'Calling…', tone: 'trying' },
  ringing: { words: 'Ringing…', tone: 'trying' },
  earlyMedia: { words: 'Ringing, or an announcement: you hear what the line says', tone: 'trying' },
  answered: { words: 'In the meeting', tone: 'on' },
  onHold: { words: 'On hold', tone: 'held' },
  busy: { words: 'Busy', tone: 'failed' },
  noAnswer: { words: 'No answer', tone: 'failed' },
  cancelled: { words: 'Cancelled', tone: 'over' },
  failed: { words: 'Could not be called', tone: 'failed' },
  ended: { words: 'Hung up', tone: 'over' },
};

export const isOver = (state: State): boolean => ['failed', 'over'].includes(STATES[state].tone);
export const isAnswered = (state: State): boolean => state === 'answered' || state === 'onHold';
export const callTone = (state: State): CallTone => STATES[state].tone;

/** `Busy. The line is busy. Try again later.`, without saying the same twice. */
export function callWords({ state, message }: Pick<PhoneCall, 'state' | 'message'>): string {
  const { words } = STATES[state];
  // What the server says of these says all of it.
  if (message !== '' && ['busy', 'noAnswer', 'cancelled', 'failed'].includes(state)) return message;
  return message === '' ? words : `${words}. ${message}`;
}

/** Who is at the other end: a name, and the number where that is not the name already. */
export function otherEnd({ displayName, number }: Pick<PhoneCall, 'displayName' | 'number'>): {
  name: string;
  number: string;
} {
  const written = formatNumber(number);
  const isNamed = displayName !== '' && displayName !== number && !displayName.includes('•');
  if (isNamed) return { name: displayName, number: written };
  return { name: written || displayName || 'Number withheld', number: '' };
}

/** How long after the answer one is asked whether a mailbox answered, ms. */
export const MAILBOX_MS = 30_000;

/** Whether it may have been a mailbox that has answered: people decide, by ear. */
export const maybeMailbox = ({ direction, state, answeredAt }: PhoneCall, now: number): boolean =>
  direction === 'out' && state === 'answered' && answeredAt !== null && now - answeredAt < MAILBOX_MS;

/** A line that is told when a call has got somewhere. undefined where there is nothing to say. */
export function callNews(call: PhoneCall): string | undefined {
  const { name } = otherEnd(call);
  switch (call.state) {
    case 'busy':
    case 'noAnswer':
    case 'failed':
      return `${name}: ${callWords(call)}`;
    default:
      return undefined;
  }
}

type Caller = Pick<Participant, 'kind' | 'displayName' | 'phone'>;
interface Shown {
  /** All of the number, for those who may see it. */
  number: string | undefined;
  /** `By phone` is said by a mark already. */
  short?: boolean;
}

/** By which phone somebody speaks: everybody may know as much of the number as the server shows them. */
export function phoneWords({ kind, displayName, phone }: Caller, shown: Shown): string | undefined {
  if (phone === undefined) return kind === 'phone' ? 'By phone' : undefined;
  const number = shown.number ? formatNumber(shown.number) : phone.maskedNumber;
  const isTold = number === '' || number === displayName;
  const by = isTold ? 'By phone' : shown.short ? number : `By phone, ${number}`;
  if (phone.onHold) return `On hold · ${by}`;
  return phone.state === 'earlyMedia' ? `Not answered yet · ${by}` : by;
}

const LIMITS: Readonly<Record<string, (max: string) => ErrorText>> = {
  'sip.limits.maxCalls': (max) => ({
    title: 'All lines are busy',
    text: `This server makes ${max} calls at once, and they go on. Try again when one has ended, or ask its operator for more (sip.limits.maxCalls).`,
  }),
  'sip.limits.maxCallsPerRoom': (max) => ({
    title: 'No more phones fit into this meeting',
    text: `It may have ${max} at once. Hang one up, or ask the operator for more (sip.limits.maxCallsPerRoom).`,
  }),
  'sip.limits.maxCallsPerPerson': (max) => ({
    title: 'You have as many calls as you may',
    text: `One person may make ${max} at once. Hang one up, then try again, or ask the operator for more (sip.limits.maxCallsPerPerson).`,
  }),
  maxCalls: (max) => ({
    title: 'All lines of the trunk are busy',
    text: `It carries ${max} calls at once. Try again when one has ended, or ask the operator for more (maxCalls of the trunk).`,
  }),
  minutesPerDay: (max) => ({
    title: 'The minutes of today are used up',
    text: `The trunk may call for ${max} minutes a day, all together. They begin anew at midnight (UTC); the operator can allow more (outbound.minutesPerDay).`,
  }),
};

const TEXTS: Partial<Record<ErrorCode, (message: string) => ErrorText>> = {
  PHONES_OFF: (message) => ({ title: 'Phones cannot be called now', text: message }),
  PHONE_NUMBER_INVALID: () => ({
    title: 'This is no number that can be called',
    text: 'Write it with its country code, such as +49 30 123456; or an extension of this house, or a SIP address.',
  }),
  PHONE_NUMBER_REFUSED: (message) => ({
    title: 'This number may not be called from here',
    text: /operator/i.test(message)
      ? message
      : `${message} The operator of this server can allow it, in the prefixes of a trunk.`,
  }),
  PERMISSION_DENIED: () => ({
    title: 'You may not call phones here',
    text: 'Hosts who are signed in may, unless the server says otherwise. Sign in, or ask a host to call.',
  }),
  WRONG_STATE: () => ({
    title: 'You speak by a phone already',
    text: 'Go back to your computer first, then call another phone.',
  }),
  RATE_LIMITED: () => ({ title: 'Too many calls at once', text: 'Wait a moment, then call again.' }),
  CALL_NOT_FOUND: () => ({ title: 'That call is over', text: 'Call again, if it was not meant to end.' }),
};

/** What happened, why, and what to do about it. */
export function dialErrorText(error: unknown): ErrorText {
  const unknown = { title: 'The call could not be made', text: 'Try again.' };
  if (!(error instanceof ParleyError)) return unknown;
  if (error.code === 'PHONE_LIMIT_REACHED') return limitText(error);
  return TEXTS[error.code]?.(error.message) ?? { ...unknown, text: error.message };
}

/** Of a call that is handed over: it is the phone at the other end that calls. */
export function transferErrorText(error: unknown): ErrorText {
  if (error instanceof ParleyError && error.details?.['reason'] === 'unreachable')
    return { title: 'It cannot be handed over to that phone', text: error.message };
  if (error instanceof ParleyError && error.code === 'WRONG_STATE')
    return {
      title: 'It cannot be handed over now',
      text: 'A call is handed over once it is answered, and so is the one that it is to be connected with. Wait until both are, then try again.',
    };
  if (error instanceof ParleyError && error.code === 'CALL_NOT_FOUND')
    return { title: 'That call is over', text: 'There is nothing to hand over any more.' };
  return dialErrorText(error);
}

function limitText({ details, message }: ParleyError): ErrorText {
  const { limit, max } = details ?? {};
  if (typeof limit !== 'string' || typeof max !== 'number') return { title: NO_FURTHER, text: message };
  // A limit of a trunk is named with it: `maxCalls of the trunk carrier`.
  const [name = ''] = limit.split(' ');
  const text = Object.hasOwn(LIMITS, name) ? LIMITS[name] : undefined;
  return text?.(String(max)) ?? { title: NO_FURTHER, text: `${message} The limit is ${limit}: ${max}.` };
}
const NO_FURTHER = 'No further call can be made now';
