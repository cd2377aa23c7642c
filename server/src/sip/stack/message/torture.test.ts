import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerToMalformed } from '../transport/receive.ts';
import { checkRequest, isSound } from './checkRequest.ts';
import { MalformedMessage, UnknownVersion, parseDatagram } from './parseMessage.ts';

const FOLDER = join(import.meta.dirname, '../../../../../node_modules/sip/test/messages');
const METHODS = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'UPDATE',
  'REFER',
  'NOTIFY',
  'INFO',
];

/** What becomes of a message: taken, refused with a status, or passed over. */
function fate(name: string): 'taken' | 'dropped' | number {
  try {
    const message = parseDatagram(readFileSync(join(FOLDER, `${name}.dat`)));
    if (message.kind === 'response') return isSound(message) ? 'taken' : 'dropped';
    return (
      checkRequest(message, { methods: METHODS, extensions: ['timer', '100rel', 'replaces'] })?.status ??
      'taken'
    );
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    if (error.partial?.kind !== 'request') return 'dropped';
    return error instanceof UnknownVersion ? 505 : 400;
  }
}

function statusOf(data: Buffer): number | undefined {
  try {
    parseDatagram(data);
    return undefined;
  } catch (error) {
    return error instanceof MalformedMessage ? answerToMalformed(error)?.status : undefined;
  }
}

/** RFC 4475, by the names of its messages; where it leaves a choice, what is chosen here. */
describe('the torture messages', () => {
  it.each([
    ['a line of more than 8 KB', ['Subject: ' + 'x'.repeat(8_200)], 513],
    ['one that is folded', ['Subject: ' + 'x\r\n '.repeat(4_500)], 513],
    ['a header of more than 16 KB', Array.from({ length: 100 }, () => 'Subject: ' + 'x'.repeat(200)), 513],
    ['lines of 8 KB at the most', ['Subject: ' + 'x'.repeat(8_000)], undefined],
  ])('%s', (_, lines, status) => {
    const text = ['OPTIONS sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP b;branch=z9hG4bK1', ...lines, '', ''];
    expect(statusOf(Buffer.from(text.join('\r\n')))).toBe(status);
  });

  it.each([
    // 3.1.1: valid
    ...['wsinv', 'esc01', 'escnull', 'lwsdisp', 'longreq', 'dblreq', 'semiuri', 'transports'],
    ...['unreason', 'noreason'],
    // 3.1.2 and later: to be taken all the same
    ...['baddate', 'badbranch', 'sdp01', 'inv2543', 'cparam01', 'cparam02', 'regescrt', 'regaut01', 'bcast'],
    // The registrar has the last word where a scheme of To is not known.
    ...['invut', 'unksm2'],
  ])('%s is taken', (name) => {
    expect(fate(name)).toBe('taken');
  });

  it.each([
    ['intmeth', 501],
    ['esc02', 501],
    ['mpart01', 405],
    ['regbadct', 400],
    ['trws', 400],
    ['test', 400],
    ['badinv01', 400],
    ['clerr', 400],
    ['ncl', 400],
    ['scalar02', 400],
    ['quotbal', 400],
    ['ltgtruri', 400],
    ['lwsruri', 400],
    ['lwsstart', 400],
    ['escruri', 400],
    ['badaspec', 400],
    ['baddn', 400],
    ['badvers', 505],
    ['mismatch01', 400],
    ['mismatch02', 400],
    ['unkscm', 416],
    ['novelsc', 416],
    ['bext01', 420],
    ['multi01', 400],
    ['mcl01', 400],
    ['insuf', 400],
  ] as const)('%s is refused with %i', (name, status) => {
    expect(fate(name)).toBe(status);
  });

  it.each(['scalarlg', 'bigcode'])('%s is passed over', (name) => {
    expect(fate(name)).toBe('dropped');
  });
});
