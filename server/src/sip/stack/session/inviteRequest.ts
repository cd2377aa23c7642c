import { ALLOW } from '../agent/Core.ts';
import type { Path } from '../agent/Path.ts';
import { newCallId, newTag } from '../agent/stamp.ts';
import { SDP } from '../message/body.ts';
import { Headers } from '../message/Headers.ts';
import { writeNameAddress, type NameAddress } from '../message/NameAddress.ts';
import { NO_BODY, fromUtf8, type SipRequest } from '../message/SipMessage.ts';
import { isSip, writeUri, type Uri } from '../message/uri.ts';
import { writeReplaces, type Replaces } from './referHeaders.ts';
import type { SoundNegotiation } from './types.ts';
import type { TimerSettings } from './timerSettings.ts';

/** Who somebody is to the other side. */
export interface Party {
  /** Any text; line ends become spaces. */
  readonly displayName?: string | undefined;
  readonly uri: Uri;
}

export interface InviteOptions {
  readonly from: Party;
  /** Whom the request goes to: its URI. */
  readonly target: Uri;
  /** Whom it is said to go to; the target otherwise. */
  readonly to?: Party | undefined;
  readonly path: Path;
  readonly sound: SoundNegotiation;
  /** Others, such as P-Asserted-Identity; a line end in one makes the call throw SipSyntaxError. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** The peer is to make the offer. */
  readonly lateOffer?: boolean | undefined;
  /** Whether ringing is to arrive for certain (RFC 3262): not said, said to be understood, or a must. */
  readonly reliable?: 'off' | 'supported' | 'required' | undefined;
  readonly timer?: TimerSettings | undefined;
  /** How often a 3xx is followed; 0 otherwise. */
  readonly redirects?: number | undefined;
  /** After so long it is taken back, ms; 3 min otherwise. */
  readonly ringMs?: number | undefined;
  /** After so long without a word the next address of the target is tried, ms; 6 s otherwise. */
  readonly failoverMs?: number | undefined;
  /** The call of theirs that this one is to take the place of. */
  readonly replaces?: Replaces | undefined;
}

const addressOf = ({ displayName = '', uri }: Party, params: [string, string][] = []): NameAddress => ({
  ...{ displayName: fromUtf8(displayName), uri, params: new Map(params) },
});

/** Without what says where, not who (RFC 3261, section 19.1.1, table 1). */
const asIdentity = (uri: Uri): Uri =>
  isSip(uri)
    ? {
        ...{ ...uri, port: undefined, headers: undefined },
        params: new Map([...uri.params].filter(([name]) => name === 'user')),
      }
    : uri;

/** The From of a request, with a new tag. */
export const fromOf = (party: Party): string => writeNameAddress(addressOf(party, [['tag', newTag()]]));
export const toOf = (party: Party): string => writeNameAddress(addressOf(party));

/** The INVITE of a call, without Via and Contact. Throws SipSyntaxError. */
export function makeInvite(
  options: InviteOptions,
  o: { product: string | undefined; timer: TimerSettings },
): SipRequest {
  const { target, from, to, path, reliable = 'off', replaces, lateOffer } = options;
  const { product, timer } = o;
  const hasRoute = path.proxy && isSip(path.proxy) && path.proxy.params.has('lr');
  const body = lateOffer === true ? NO_BODY : Buffer.from(options.sound.offer());
  const headers = Headers.of({
    Route: hasRoute && path.proxy ? `<${writeUri(path.proxy)}>` : undefined,
    'Max-Forwards': 70,
    From: fromOf(from),
    To: toOf(to ?? { uri: asIdentity(target) }),
    'Call-ID': newCallId(),
    CSeq: '1 INVITE',
    Allow: ALLOW,
    Supported: reliable === 'supported' ? '100rel, replaces, timer' : 'replaces, timer',
    Require: requiredOf(options),
    'Session-Expires': timer.interval > 0 ? timer.interval : undefined,
    'Min-SE': timer.least,
    Replaces: replaces && writeReplaces(replaces),
    'User-Agent': product,
    'Content-Type': body.length > 0 ? SDP : undefined,
  });
  for (const [name, value] of Object.entries(options.headers ?? {}))
    for (const one of [value].flat()) if (one !== undefined) headers.add(name, fromUtf8(one));
  return { kind: 'request', method: 'INVITE', uri: writeUri(target), headers, body };
}

function requiredOf({ reliable, replaces }: InviteOptions): string | undefined {
  const tags = [reliable === 'required' ? '100rel' : '', replaces ? 'replaces' : ''].filter(
    (tag) => tag !== '',
  );
  return tags.length > 0 ? tags.join(', ') : undefined;
}
