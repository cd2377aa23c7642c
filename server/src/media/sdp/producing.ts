import { ortc, type types } from 'mediasoup';
import { ParleyError, type RtpCapabilities, type RtpParameters } from '@parley/protocol';
import { toRtpCapabilities, toRtpParameters } from '../wireMedia.ts';
import type { SdpCodec, SdpExtension, SdpSection } from './description.ts';
import { ridsBySize } from './rids.ts';

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const ABS_SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const RID = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
/** As many layers as are told apart elsewhere. */
const MAX_LAYERS = 3;

/** How a section that somebody sends is received: what a producer is made with, and what the answer says of it. */
export interface Producing {
  rtpParameters: RtpParameters;
  /** As they were offered, the chosen one first, then its retransmissions. */
  codecs: SdpCodec[];
  extensions: SdpExtension[];
  /** From the smallest layer to the largest; empty without simulcast. */
  rids: string[];
}

/** OFFER_NOT_ACCEPTABLE: what is offered cannot be taken as a whole (RFC 9725 section 4.4.3). */
export const notAcceptable = (reason: string): ParleyError =>
  new ParleyError('OFFER_NOT_ACCEPTABLE', { details: { reason } });

/** Takes the first codec of the section that a router forwards. Throws OFFER_NOT_ACCEPTABLE, MEDIA_REJECTED. */
export function producingOf(section: SdpSection, capabilities: RtpCapabilities): Producing {
  const router = toRtpCapabilities(capabilities);
  const extensions = extensionsFor(section, router);
  const { codec, parameters } = chooseCodec(section, router);
  const rtx = section.codecs.find(
    (other) => isRtx(other) && other.parameters['apt'] === codec.payloadType && other !== codec,
  );
  const codecs = [codec, ...(rtx ? [rtx] : [])].map((one) => withFeedback(one, extensions, router));
  const rids = ridsBySize(section.rids);
  const [main, ...rest] = codecs.map(({ payloadType, mimeType, clockRate, channels, ...more }) => ({
    ...{ payloadType, clockRate, parameters: more.parameters, rtcpFeedback: more.rtcpFeedback },
    mimeType: spelled(mimeType, router),
    ...(channels !== undefined && { channels }),
  }));
  if (!main) throw notAcceptable(`no codec for ${section.kind}`);
  const rtpParameters: RtpParameters = {
    mid: section.mid,
    codecs: [{ ...main, parameters }, ...rest],
    headerExtensions: extensions,
    encodings: encodingsOf(section, { rids, extensions, hasRtx: rtx !== undefined }),
    rtcp: {
      reducedSize: section.reducedSizeRtcp,
      ...(section.cname !== undefined && { cname: section.cname }),
    },
    ...(section.msid !== undefined && { msid: section.msid }),
  };
  return { rtpParameters, codecs, extensions, rids };
}

/** Names of codecs are alike in any case; here they are shown as routers spell them. */
const spelled = (mimeType: string, { codecs = [] }: types.RtpCapabilities): string =>
  codecs.find((codec) => codec.mimeType.toLowerCase() === mimeType.toLowerCase())?.mimeType ?? mimeType;

const isRtx = ({ mimeType }: { mimeType: string }): boolean => /\/rtx$/i.test(mimeType);

/** The first codec that a router takes, and the parameters under which it does. */
function chooseCodec(
  section: SdpSection,
  router: types.RtpCapabilities,
): { codec: SdpCodec; parameters: SdpCodec['parameters'] } {
  for (const codec of section.codecs.filter((one) => !isRtx(one))) {
    const parameters = [codec.parameters, ...anyH264(codec)].find((tried) => isTaken(codec, tried, router));
    if (parameters) return { codec, parameters };
  }
  const offered = section.codecs.map(({ mimeType }) => mimeType).join(', ') || 'none';
  const taken = (router.codecs ?? [])
    .filter((codec) => codec.kind === section.kind && !isRtx(codec))
    .map(({ mimeType }) => mimeType);
  throw notAcceptable(
    `no codec that is forwarded here: offered were ${offered}; use ${[...new Set(taken)].join(', ')}`,
  );
}

/**
 * Encoders name profiles of H.264 that browsers do not list, and decode all the same; some name one and send another. What
 * can be known from the stream alone is not decided here: every H.264 goes as the profile that all receivers take.
 */
const anyH264 = ({ mimeType }: SdpCodec): SdpCodec['parameters'][] =>
  /\/h264$/i.test(mimeType)
    ? [{ 'packetization-mode': 1, 'level-asymmetry-allowed': 1, 'profile-level-id': '42e01f' }]
    : [];

function isTaken(
  { payloadType, mimeType, clockRate, channels }: SdpCodec,
  parameters: SdpCodec['parameters'],
  router: types.RtpCapabilities,
): boolean {
  const codec = { payloadType, mimeType, clockRate, parameters, ...(channels !== undefined && { channels }) };
  const asked = toRtpParameters({ codecs: [codec], encodings: [{ ssrc: 1 }] });
  try {
    ortc.validateAndNormalizeRtpParameters(asked);
    ortc.getProducerRtpParametersMapping(asked, router);
    return true;
  } catch {
    return false;
  }
}

/** Those that a router reads, each once. */
function extensionsFor({ kind, extensions }: SdpSection, router: types.RtpCapabilities): SdpExtension[] {
  const read = (router.headerExtensions ?? []).filter(
    (extension) => extension.kind === kind && extension.direction !== 'sendonly',
  );
  const uris = new Set<string>(read.map(({ uri }) => uri));
  return extensions.filter(
    ({ uri }, index) => uris.has(uri) && extensions.findIndex((other) => other.uri === uri) === index,
  );
}

/** One way of congestion control: by transport-cc where its extension is sent, else by REMB, else by none. */
function withFeedback(codec: SdpCodec, extensions: SdpExtension[], router: types.RtpCapabilities): SdpCodec {
  const sends = (uri: string): boolean => extensions.some((extension) => extension.uri === uri);
  const unused = sends(TRANSPORT_CC)
    ? ['goog-remb']
    : sends(ABS_SEND_TIME)
      ? ['transport-cc']
      : ['goog-remb', 'transport-cc'];
  const known = (router.codecs ?? []).find(
    ({ mimeType }) => mimeType.toLowerCase() === codec.mimeType.toLowerCase(),
  )?.rtcpFeedback;
  const rtcpFeedback = codec.rtcpFeedback.filter(
    ({ type, parameter = '' }, index, all) =>
      !unused.includes(type) &&
      known?.some((other) => other.type === type && (other.parameter ?? '') === parameter) === true &&
      all.findIndex((other) => other.type === type && (other.parameter ?? '') === parameter) === index,
  );
  return { ...codec, rtcpFeedback };
}

function encodingsOf(
  { streams, kind }: SdpSection,
  { rids, extensions, hasRtx }: { rids: string[]; extensions: SdpExtension[]; hasRtx: boolean },
): NonNullable<RtpParameters['encodings']> {
  const sends = (uri: string): boolean => extensions.some((extension) => extension.uri === uri);
  if (rids.length > MAX_LAYERS) throw notAcceptable(`more than ${MAX_LAYERS} layers of simulcast`);
  if (rids.length > 0) {
    if (!sends(MID) || !sends(RID))
      throw notAcceptable('simulcast needs the header extensions sdes:mid and sdes:rtp-stream-id');
    return rids.map((rid) => ({ rid }));
  }
  if (streams.length > 1)
    throw notAcceptable(`several streams of ${kind} in one section; use simulcast by rid`);
  const [stream] = streams;
  if (!stream && !sends(MID))
    throw notAcceptable('neither a=ssrc nor the header extension sdes:mid tells which packets belong where');
  if (!stream) return [{}];
  const { ssrc, rtxSsrc } = stream;
  return [{ ssrc, ...(hasRtx && rtxSsrc !== undefined && { rtx: { ssrc: rtxSsrc } }) }];
}
