/** Which calls are looked for, and what of it is asked of the server. */
import type { CallFilter } from '@parley/client-sdk';

/** As it stands in the fields; empty is any. */
export interface CallWish {
  direction: string;
  answered: string;
  number: string;
}
export const ANY_CALL: CallWish = { direction: '', answered: '', number: '' };

export function callFilterOf({ direction, answered, number }: CallWish): CallFilter {
  const sought = soughtNumber(number.trim());
  return {
    ...((direction === 'in' || direction === 'out') && { direction }),
    ...(answered !== '' && { answered: answered === 'true' }),
    ...(sought !== '' && { number: sought }),
  };
}

/** A telephone number may be written with marks; in the name of an extension or a SIP address they count. */
const soughtNumber = (text: string): string =>
  /^\+?[\d\s()./-]+$/.test(text) ? text.replace(/[\s()./-]/g, '') : text;

export const isAnyCall = (wish: CallWish): boolean => Object.keys(callFilterOf(wish)).length === 0;
