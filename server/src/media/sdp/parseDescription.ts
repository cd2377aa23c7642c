import { parse, type ParsedMedia, type ParsedSession } from 'sdp-transform';
import type { ParleyError } from '@parley/protocol';
import { mediaRejected } from '../mediaErrors.ts';
import type { Direction, MediaKind, SdpDescription, SdpSection, Setup } from './description.ts';
import { codecsOf, parametersOf } from './parseCodecs.ts';

/** More sections than anybody sends here; each costs work. */
const MAX_SECTIONS = 16;
const DIRECTIONS: ReadonlySet<string> = new Set<Direction>(['sendrecv', 'sendonly', 'recvonly', 'inactive']);
const SETUPS: ReadonlySet<string> = new Set<Setup>(['actpass', 'active', 'passive']);
const TOKEN = /^[\x21-\x7e]{1,32}$/;
/** RFC 8839 section 5.4. */
const USERNAME_FRAGMENT = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;

const isDirection = (value: string): value is Direction => DIRECTIONS.has(value);
const isSetup = (value: string): value is Setup => SETUPS.has(value);
const isKind = (value: string): value is MediaKind => value === 'audio' || value === 'video';

/** MEDIA_REJECTED: it is no session description that could be carried out, whatever it asks for. */
const malformed = (reason: string): ParleyError => mediaRejected(`The SDP cannot be used: ${reason}.`);

/**
 * Reads an offer or an answer. Sections that are switched off (port 0) and data channels are left out of `sections`; the
 * latter must be no surprise to who wrote them, so `refused` names both by their mid, in order, with all others.
 * Throws MEDIA_REJECTED.
 */
export function parseDescription(text: string): SdpDescription & { order: SectionOrder[] } {
  const session = parse(text);
  if (session.version === undefined || session.media.length === 0)
    throw malformed('it has no version or no media section');
  if (session.media.length > MAX_SECTIONS) throw malformed(`it has more than ${MAX_SECTIONS} media sections`);
  const order = session.media.map(orderOf);
  if (new Set(order.map(({ mid }) => mid)).size < order.length) throw malformed('two sections have one mid');
  const used = session.media.filter((media) => isUsed(media));
  const [first] = used;
  if (!first) throw malformed('no section of audio or video is in use');
  assertOneBundle(session, used);
  return { ...transportOf(session, first), sections: used.map((media) => sectionOf(media)), order };
}

/** What an answer has to say of each section of the offer, in its order. */
export interface SectionOrder {
  mid: string;
  type: string;
  protocol: string;
  formats: string;
}

function orderOf(media: ParsedMedia): SectionOrder {
  const mid = String(media.mid ?? '');
  if (!TOKEN.test(mid)) throw malformed('a section has no usable mid');
  const formats = String(media.payloads ?? '0');
  return { mid, type: String(media.type), protocol: String(media.protocol), formats };
}

/** Of sections that only the bundle carries, the port is 0 in an offer (RFC 9143 section 7.1). */
const isUsed = ({ type, port, bundleOnly }: ParsedMedia): boolean =>
  isKind(String(type)) && (port !== 0 || bundleOnly !== undefined);

function assertOneBundle({ groups = [] }: ParsedSession, used: readonly ParsedMedia[]): void {
  if (used.length === 1) return;
  const bundles = groups.filter(({ type }) => type === 'BUNDLE');
  const mids = new Set(String(bundles[0]?.mids ?? '').split(' '));
  if (bundles.length !== 1 || !used.every(({ mid }) => mids.has(String(mid))))
    throw malformed('its sections are not all in one BUNDLE group');
}

/** What is said for the whole session holds where the section says nothing (RFC 8839, RFC 8842). */
function transportOf(session: ParsedSession, media: ParsedMedia): Omit<SdpDescription, 'sections'> {
  const usernameFragment = String(media.iceUfrag ?? session.iceUfrag ?? '');
  const password = String(media.icePwd ?? session.icePwd ?? '');
  if (!USERNAME_FRAGMENT.test(usernameFragment) || !PASSWORD.test(password))
    throw malformed('it has no usable ice-ufrag and ice-pwd');
  if (session.icelite !== undefined) throw malformed('it says ice-lite, and so does this server');
  const setup = String(media.setup ?? session.setup ?? '');
  if (!isSetup(setup)) throw malformed('a=setup is missing, or neither actpass, active nor passive');
  const fingerprint = media.fingerprint ?? session.fingerprint;
  if (!fingerprint) throw malformed('it has no DTLS fingerprint');
  const algorithm = String(fingerprint.type).toLowerCase();
  return {
    usernameFragment,
    password,
    setup,
    fingerprints: [{ algorithm, value: String(fingerprint.hash).toUpperCase() }],
  };
}

function sectionOf(media: ParsedMedia): SdpSection {
  const kind = String(media.type);
  if (!isKind(kind)) throw malformed('a section is neither audio nor video');
  if (media.protocol !== 'UDP/TLS/RTP/SAVPF') throw malformed(`${String(media.protocol)} is not spoken here`);
  if (media.rtcpMux === undefined) throw malformed('a section lacks rtcp-mux');
  const direction = String(media.direction ?? 'sendrecv');
  const [{ id, appdata } = { id: '-', appdata: undefined }] = media.msid ?? [];
  const cname = media.ssrcs?.find(({ attribute }) => attribute === 'cname')?.value;
  return {
    mid: String(media.mid),
    kind,
    direction: isDirection(direction) ? direction : 'sendrecv',
    codecs: codecsOf(media, kind),
    extensions: (media.ext ?? []).map(({ value, uri }) => ({ id: value, uri: String(uri) })),
    streams: streamsOf(media),
    rids: ridsOf(media),
    reducedSizeRtcp: media.rtcpRsize !== undefined,
    ...(cname !== undefined && { cname: String(cname) }),
    ...(media.msid && { msid: appdata === undefined ? String(id) : `${id} ${appdata}` }),
  };
}

/** The second of a flow identification group (FID) repeats the first. */
function streamsOf({ ssrcs = [], ssrcGroups = [] }: ParsedMedia): SdpSection['streams'] {
  const pairs = ssrcGroups
    .filter(({ semantics }) => semantics === 'FID')
    .map((group) => String(group.ssrcs).split(' ').map(Number));
  const repeats = new Map(pairs.flatMap(([ssrc, rtx]) => (ssrc && rtx ? [[ssrc, rtx] as const] : [])));
  const rtxSsrcs = new Set(repeats.values());
  const all = [...new Set(ssrcs.map(({ id }) => id))].filter((ssrc) => !rtxSsrcs.has(ssrc));
  return all.map((ssrc) => {
    const rtxSsrc = repeats.get(ssrc);
    return rtxSsrc === undefined ? { ssrc } : { ssrc, rtxSsrc };
  });
}

function ridsOf({ rids = [], simulcast }: ParsedMedia): SdpSection['rids'] {
  const list =
    simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.dir2 === 'send' ? simulcast.list2 : '';
  const sent = String(list ?? '')
    .split(';')
    .map((alternatives) => (alternatives.split(',')[0] ?? '').replace(/^~/, ''));
  return sent.flatMap((rid) => {
    const found = rids.find(({ id, direction }) => String(id) === rid && direction === 'send');
    return found ? [{ rid, parameters: parametersOf(String(found.params ?? '')) }] : [];
  });
}
