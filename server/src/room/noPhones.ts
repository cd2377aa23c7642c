import { ParleyError } from '@parley/protocol';
import type { Dialer, PersonalCalls } from './phonePorts.ts';

const none = (): never => {
  throw new ParleyError('CALL_NOT_FOUND');
};

/** Where there are no phones. */
export const NO_PHONES: Dialer = {
  isOn: false,
  callsOf: () => [],
  dial: () => {
    throw new ParleyError('PHONES_OFF');
  },
  hangUp: none,
  sendDigits: none,
  transfer: none,
};

export const NO_PERSONAL_CALLS: PersonalCalls = {
  listen: () => () => undefined,
  answer: none,
  decline: none,
  prepare: () => {
    throw new ParleyError('PHONES_OFF');
  },
};
