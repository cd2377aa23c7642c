import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stamp } from '../agent/stamp.ts';
import { makeInvite, type InviteOptions } from '../session/inviteRequest.ts';
import { writeReason } from '../session/reason.ts';
import { DEFAULT_TIMER } from '../session/timerSettings.ts';
import { MemoryNetwork } from '../testing/MemoryNetwork.ts';
import { soundAt } from '../testing/Sound.ts';
import { answerTo } from '../transport/receive.ts';
import { parseDatagram } from './parseMessage.ts';
import { fromUtf8, toUtf8, writeMessage, type SipMessage } from './SipMessage.ts';
import { SipSyntaxError } from './SipSyntaxError.ts';
import { escapeUser, isSip, parseUri, unescapeUser, type Uri } from './uri.ts';
import { parseNameAddress } from './NameAddress.ts';

/** Any text, with many of those that would end a header, a quoted string, or a line. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\r\n', '\n', '\r', '"', '\\', '\0', ';tag=x', '>, <', 'X-Evil: 1'),
    ),
  )
  .map((parts) => parts.join(''));

/** Names of the fields of a message as a peer reads them. */
const fields = (message: SipMessage): string[] =>
  writeMessage(message)
    .toString('latin1')
    .split('\r\n\r\n')[0]
    ?.split(/\r\n|\r|\n/)
    .slice(1)
    .map((line) => line.split(':')[0] ?? '') ?? [];

function invite(options: Partial<InviteOptions>) {
  const made = makeInvite(
    {
      from: { uri: parseUri('sip:ann@192.0.2.1') },
      target: parseUri('sip:bob@192.0.2.2'),
      ...{ path: {}, sound: soundAt('192.0.2.1') },
      ...options,
    },
    { product: undefined, timer: DEFAULT_TIMER },
  );
  return stamp(made, new MemoryNetwork().flow('192.0.2.1', '192.0.2.2'), 'ann');
}

/** The message, or nothing where it was refused to write it. */
function unlessRefused(make: () => SipMessage): SipMessage | undefined {
  try {
    const message = make();
    writeMessage(message);
    return message;
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}

describe('text of people', () => {
  const usual = fields(invite({}));

  it('adds no field to a call by a name, and the name arrives', () => {
    fc.assert(
      fc.property(hostile, (displayName) => {
        const uri = parseUri('sip:ann@192.0.2.1');
        const request = invite({ from: { displayName, uri }, to: { displayName, uri } });
        expect(fields(request)).toEqual(usual);
        const read = parseDatagram(writeMessage(request));
        const name = toUtf8(parseNameAddress(read.headers.get('from') ?? '').displayName);
        expect(name.replace(/\s+/g, ' ').trim()).toBe(
          toUtf8(fromUtf8(displayName))
            .replace(/[\r\n\0]+/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        );
      }),
    );
  });

  it('adds no field by a user part, and the user arrives', () => {
    fc.assert(
      fc.property(
        hostile.filter((text) => text !== '' && text.isWellFormed()),
        (text) => {
          const target: Uri = { ...sip('sip:x@192.0.2.2'), user: escapeUser(text) };
          const request = invite({ target, from: { uri: target } });
          expect(fields(request)).toEqual(usual);
          const uri = parseUri(request.uri);
          expect(isSip(uri) && unescapeUser(uri.user ?? '')).toBe(text);
        },
      ),
    );
  });

  it.each<[string, (text: string) => Partial<InviteOptions>]>([
    ['a header', (text) => ({ headers: { 'X-Text': text } })],
    ['the name of a header', (text) => ({ headers: { [text]: 'x' } })],
    ['a user that was not escaped', (text) => ({ target: { ...sip('sip:x@192.0.2.2'), user: text } })],
    ['a host', (text) => ({ target: { ...sip('sip:x@192.0.2.2'), host: text } })],
    ['a parameter', (text) => ({ target: { ...sip('sip:x@192.0.2.2'), params: new Map([[text, text]]) } })],
    [
      'a call to be replaced',
      (text) => ({ replaces: { callId: text, toTag: text, fromTag: text, earlyOnly: false } }),
    ],
  ])('adds no line by %s: it stands in one, or is refused', (_, make) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const message = unlessRefused(() => invite(make(text)));
        if (!message) return;
        const lines = writeMessage(message).toString('latin1').split('\r\n\r\n')[0]?.split('\r\n') ?? [];
        expect(lines.every((line) => !/[\r\n]/.test(line))).toBe(true);
        expect(lines.length - 1 - usual.length).toBeLessThanOrEqual(
          Object.keys(make(text).headers ?? {}).length + 2,
        );
        expect(
          lines.some((line) => /^X-Evil:/.test(line) && text !== 'X-Evil' && !('headers' in make(text))),
        ).toBe(false);
      }),
    );
  });

  it('adds nothing by a reason', () => {
    const request = invite({});
    fc.assert(
      fc.property(hostile, (text) => {
        const response = answerTo(request, { status: 480, reason: text }, 'b');
        response.headers.add('reason', writeReason({ protocol: 'SIP', cause: 480, text }));
        expect(fields(response)).toEqual([
          'Via',
          'From',
          'To',
          'Call-ID',
          'CSeq',
          'Reason',
          'Content-Length',
        ]);
      }),
    );
  });
});

function sip(text: string) {
  const uri = parseUri(text);
  if (!isSip(uri)) throw new Error('no SIP');
  return uri;
}
