import type { Dialog } from '../dialog/Dialog.ts';
import { parseNameAddress } from '../message/NameAddress.ts';
import { readParams } from '../message/params.ts';
import { Scanner } from '../message/Scanner.ts';
import { isSip, unescapeUser, writeUri, type Uri } from '../message/uri.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';

/** Which dialog a call is to take the place of (RFC 3891), as the one sees it who gets the INVITE. */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while it still rings. */
  readonly earlyOnly: boolean;
}

/** Throws SipSyntaxError. */
export function parseReplaces(text: string): Replaces {
  const scanner = new Scanner(text).white();
  const callId = scanner.until('; \t');
  const params = readParams(scanner);
  scanner.end();
  const [toTag, fromTag] = [params.get('to-tag'), params.get('from-tag')];
  if (callId === '' || toTag === undefined || fromTag === undefined)
    throw new SipSyntaxError('Replaces does not name a dialog');
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

export const writeReplaces = ({ callId, toTag, fromTag, earlyOnly }: Replaces): string =>
  `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ';early-only' : ''}`;

/** The dialog as its other end is to find it. */
export const replacesOf = ({ callId, localTag, remoteTag }: Dialog): Replaces => ({
  ...{ callId, toTag: remoteTag, fromTag: localTag },
  earlyOnly: false,
});

/** Whom to call instead (RFC 3515, section 2.1), and which call of theirs that replaces. */
export interface ReferTarget {
  readonly uri: Uri;
  readonly replaces: Replaces | undefined;
}

/** Throws SipSyntaxError; also for anything but a call. */
export function parseReferTo(text: string): ReferTarget {
  const { uri } = parseNameAddress(text);
  if (!isSip(uri)) return { uri, replaces: undefined };
  const method = uri.params.get('method')?.toUpperCase() ?? 'INVITE';
  if (method !== 'INVITE') throw new SipSyntaxError('Refer-To is no call');
  const header = (uri.headers ?? '').split('&').find((one) => /^replaces=/i.test(one));
  const replaces = header && parseReplaces(unescapeUser(header.slice('replaces='.length)));
  return { uri: { ...uri, headers: undefined }, replaces: replaces || undefined };
}

export function writeReferTo({ uri, replaces }: ReferTarget): string {
  if (!replaces || !isSip(uri)) return `<${writeUri(uri)}>`;
  return `<${writeUri({ ...uri, headers: `Replaces=${escapeHeader(writeReplaces(replaces))}` })}>`;
}

const escapeHeader = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

/** Status and phrase of a message/sipfrag (RFC 3420); undefined where there is none. */
export function parseSipfrag(body: string): { status: number; text: string } | undefined {
  const [, status, text = ''] = /^SIP\/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?/i.exec(body.trimStart()) ?? [];
  return status === undefined ? undefined : { status: Number(status), text };
}
