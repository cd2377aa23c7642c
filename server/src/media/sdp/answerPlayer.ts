import type { types } from 'mediasoup';
import type { DtlsParameters } from '@parley/protocol';
import { codecNameOf, type RelayedCapabilities } from '../Relay.ts';
import { toRtpCapabilities } from '../wireMedia.ts';
import { refusedSection, roleOf } from './answerPublisher.ts';
import type { MediaKind, SdpCodec, SdpSection } from './description.ts';
import { FORWARDED } from './forwarded.ts';
import { parseDescription } from './parseDescription.ts';
import { notAcceptable } from './producing.ts';
import { writeDescription, type OwnTransport, type WrittenSection } from './writeDescription.ts';

/** What a player asks for by an offer of its own, and how it is met. */
export interface PlayerOffer {
  usernameFragment: string;
  dtlsParameters: DtlsParameters;
  /** What it takes, with the payload types that it gave. */
  capabilities: RelayedCapabilities;
  /** Where it plays what. */
  mids: Partial<Record<MediaKind, string>>;
  /** The section that carries ICE for all. */
  tagged: { mid: string; type: string };
  /** Writes the answer, once there is a transport. */
  answer(transport: OwnTransport): string;
}

interface Taken {
  section: SdpSection;
  codecs: SdpCodec[];
  extensions: types.RtpHeaderExtension[];
}

const ROUTER = toRtpCapabilities(FORWARDED);
const TRANSPORT_CC = /transport-wide-cc/;
const ABS_SEND_TIME = /abs-send-time$/;

/**
 * Reads the offer of a player (draft-ietf-wish-whep): it receives sound, picture, or both; further sections are refused.
 * Throws MEDIA_REJECTED when it is malformed, and OFFER_NOT_ACCEPTABLE when it would send, or can play nothing.
 */
export function readPlayerOffer(text: string): PlayerOffer {
  const { sections, order, setup, fingerprints, usernameFragment } = parseDescription(text);
  const sending = sections.find(({ direction }) => direction === 'sendonly' || direction === 'inactive');
  if (sending)
    throw notAcceptable(`the section of ${sending.kind} is ${sending.direction}; a player receives`);
  const taken = sections
    .filter(({ kind }, index) => sections.findIndex((other) => other.kind === kind) === index)
    .map(takenOf)
    .filter(({ codecs }) => codecs.length > 0);
  const [first] = taken;
  if (!first) throw notAcceptable(nothingIn(sections));
  const written = order.map((one) => {
    const met = taken.find(({ section }) => section.mid === one.mid);
    return met ? answered(met) : refusedSection(one);
  });
  return {
    usernameFragment,
    dtlsParameters: { role: roleOf(setup), fingerprints },
    capabilities: capabilitiesOf(taken),
    mids: Object.fromEntries(taken.map(({ section }) => [section.kind, section.mid])),
    tagged: { mid: first.section.mid, type: first.section.kind },
    answer: (transport) =>
      writeDescription({
        transport,
        setup: setup === 'passive' ? 'active' : 'passive',
        sections: written,
      }),
  };
}

function nothingIn(sections: readonly SdpSection[]): string {
  const offered = sections.flatMap(({ codecs }) => codecs.map(({ mimeType }) => mimeType));
  const known = (ROUTER.codecs ?? []).filter(({ mimeType }) => !mimeType.endsWith('/rtx'));
  const forwarded = [...new Set(known.map(({ mimeType }) => mimeType))].join(', ');
  return `no codec that is forwarded here: offered were ${[...new Set(offered)].join(', ') || 'none'}; use ${forwarded}`;
}

/**
 * Of each codec that is forwarded, one payload type of the offer; in its order. No retransmission format: where there is none,
 * what was lost comes again as it was (RFC 4585). Ids of header extensions are the same to everybody, so that only those are
 * taken that happen to be the same here; without them nothing tells of the bandwidth, and whoever plays gets the largest layer.
 */
function takenOf(section: SdpSection): Taken {
  const router = (ROUTER.codecs ?? []).filter(({ kind }) => kind === section.kind);
  const names = new Set(router.map(codecNameOf));
  const chosen = new Set([...names].map((name) => choose(section.codecs, name)));
  const extensions = (ROUTER.headerExtensions ?? []).filter(
    ({ kind, uri, preferredId, direction }) =>
      kind === section.kind &&
      (direction === 'sendrecv' || direction === 'sendonly') &&
      section.extensions.some((offered) => offered.id === preferredId && offered.uri === uri),
  );
  const unused = unusedFeedback(extensions);
  const codecs = section.codecs
    .filter((codec) => chosen.has(codec))
    .map((codec) => {
      const known = router.find((one) => codecNameOf(one) === codecNameOf(codec))?.rtcpFeedback ?? [];
      const rtcpFeedback = codec.rtcpFeedback.filter(
        ({ type, parameter = '' }) =>
          !unused.includes(type) &&
          known.some((one) => one.type === type && (one.parameter ?? '') === parameter),
      );
      return { ...codec, rtcpFeedback };
    });
  return { section, codecs, extensions };
}

/** One way of congestion control, and only where its extension is there. */
function unusedFeedback(extensions: readonly types.RtpHeaderExtension[]): string[] {
  if (extensions.some(({ uri }) => TRANSPORT_CC.test(uri))) return ['goog-remb'];
  if (extensions.some(({ uri }) => ABS_SEND_TIME.test(uri))) return ['transport-cc'];
  return ['goog-remb', 'transport-cc'];
}

/** How well an offered format serves for a codec that is forwarded; the lowest is best. */
const H264_PROFILES = [/^42e0/i, /^42/, /^4d/i, /^64/];

function choose(offered: readonly SdpCodec[], name: string): SdpCodec | undefined {
  const alike = offered.filter((codec) => codecNameOf(codec) === name && isSpoken(codec));
  if (name !== 'video/h264') return alike[0];
  const rank = ({ parameters }: SdpCodec): number =>
    H264_PROFILES.findIndex((profile) => profile.test(String(parameters['profile-level-id'] ?? '42')));
  return alike.filter((codec) => rank(codec) >= 0).toSorted((a, b) => rank(a) - rank(b))[0];
}

function isSpoken({ mimeType, channels, parameters }: SdpCodec): boolean {
  const name = mimeType.toLowerCase();
  if (name === 'video/rtx') return false;
  if (name === 'audio/opus') return channels === 2;
  if (name === 'video/h264') return parameters['packetization-mode'] === 1;
  return name !== 'video/av1' || Number(parameters['profile'] ?? 0) === 0;
}

const answered = ({ section, codecs, extensions }: Taken): WrittenSection => ({
  mid: section.mid,
  type: section.kind,
  direction: 'sendonly',
  codecs: codecs.map(asSender),
  extensions: extensions.map(({ preferredId, uri }) => ({ id: preferredId, uri })),
  msid: `parley parley-${section.kind}`,
  reducedSizeRtcp: section.reducedSizeRtcp,
});

/** Of Opus, `sprop-stereo` is what the sender may send (RFC 7587 section 7.1). */
const asSender = (codec: SdpCodec): SdpCodec =>
  codec.mimeType.toLowerCase() === 'audio/opus'
    ? { ...codec, parameters: { ...codec.parameters, 'sprop-stereo': 1 } }
    : codec;

const capabilitiesOf = (taken: readonly Taken[]): RelayedCapabilities => ({
  codecs: taken
    .flatMap(({ codecs }) => codecs)
    .map((codec) => ({
      name: codecNameOf(codec),
      payloadType: codec.payloadType,
      rtcpFeedback: codec.rtcpFeedback,
    })),
  headerExtensions: taken.flatMap(({ extensions }) => extensions),
});
