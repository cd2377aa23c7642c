import type { DtlsParameters, RtpCapabilities } from '@parley/protocol';
import { roleOf } from './answerPublisher.ts';
import type { MediaKind, SdpCodec, SdpSection } from './description.ts';
import { FORWARDED } from './forwarded.ts';
import { parseDescription } from './parseDescription.ts';
import { notAcceptable } from './producing.ts';
import { writeDescription, type OwnTransport, type WrittenSection } from './writeDescription.ts';

/** The sections of every offer to a player, by what they carry. */
export const PLAYER_MIDS: Record<MediaKind, string> = { audio: '0', video: '1' };

const KINDS: MediaKind[] = ['audio', 'video'];

/**
 * What a player is offered: one sound and one picture in every codec that is forwarded, whatever is sent now. Streams are told
 * apart by their mid, so that what is played may change, come and go without another offer.
 */
export function writePlayerOffer(transport: OwnTransport): string {
  return writeDescription({ transport, setup: 'actpass', sections: KINDS.map(offered) });
}

const offered = (kind: MediaKind): WrittenSection => ({
  mid: PLAYER_MIDS[kind],
  type: kind,
  direction: 'sendonly',
  codecs: (FORWARDED.codecs ?? []).filter((codec) => codec.kind === kind).map(asSent),
  extensions: sentExtensions(kind).map(({ preferredId, uri }) => ({ id: preferredId, uri })),
  msid: `parley parley-${kind}`,
  reducedSizeRtcp: true,
});

function asSent({
  mimeType,
  preferredPayloadType,
  clockRate,
  channels,
  ...codec
}: NonNullable<RtpCapabilities['codecs']>[number]): SdpCodec {
  const values = Object.entries(codec.parameters ?? {}).filter((entry): entry is [string, string | number] =>
    ['string', 'number'].includes(typeof entry[1]),
  );
  const isOpus = mimeType === 'audio/opus';
  return {
    ...{ payloadType: preferredPayloadType ?? 0, mimeType, clockRate },
    ...(channels !== undefined && { channels }),
    parameters: { ...Object.fromEntries(values), ...(isOpus && { 'sprop-stereo': 1 }) },
    rtcpFeedback: (codec.rtcpFeedback ?? []).map(({ type, parameter = '' }) => ({
      type,
      ...(parameter !== '' && { parameter }),
    })),
  };
}

const sentExtensions = (kind: MediaKind): NonNullable<RtpCapabilities['headerExtensions']> =>
  (FORWARDED.headerExtensions ?? []).filter(
    (extension) =>
      extension.kind === kind && (extension.direction === 'sendrecv' || extension.direction === 'sendonly'),
  );

/** What a player answered. */
export interface PlayerAnswer {
  usernameFragment: string;
  dtlsParameters: DtlsParameters;
  /** What of the offer it took. */
  rtpCapabilities: RtpCapabilities;
  kinds: MediaKind[];
}

/** Throws MEDIA_REJECTED when it is malformed, and OFFER_NOT_ACCEPTABLE when it takes nothing of what was offered. */
export function readPlayerAnswer(text: string): PlayerAnswer {
  const { sections, setup, fingerprints, usernameFragment } = parseDescription(text);
  const taken = sections.filter(
    ({ mid, kind, direction }) => mid === PLAYER_MIDS[kind] && /^(recvonly|sendrecv)$/.test(direction),
  );
  const codecs = taken.flatMap(codecsTaken);
  const kinds = KINDS.filter((kind) =>
    codecs.some((codec) => codec.kind === kind && !/rtx$/.test(codec.mimeType)),
  );
  if (kinds.length === 0) throw notAcceptable('the answer takes neither the sound nor the picture');
  const headerExtensions = taken.flatMap(({ kind, extensions }) =>
    sentExtensions(kind).filter(({ preferredId, uri }) =>
      extensions.some((extension) => extension.id === preferredId && extension.uri === uri),
    ),
  );
  const lacking = taken.find(
    ({ kind }) =>
      !headerExtensions.some((extension) => extension.kind === kind && /sdes:mid$/.test(extension.uri)),
  );
  if (lacking) throw notAcceptable('the answer leaves out the header extension sdes:mid');
  return {
    usernameFragment,
    dtlsParameters: { role: roleOf(setup), fingerprints },
    rtpCapabilities: { codecs, headerExtensions },
    kinds,
  };
}

/** Payload types are those of the offer (RFC 3264 section 6.1). */
const codecsTaken = ({ kind, codecs }: SdpSection): NonNullable<RtpCapabilities['codecs']> =>
  (FORWARDED.codecs ?? []).flatMap((codec) => {
    const one = codecs.find(({ payloadType }) => payloadType === codec.preferredPayloadType);
    if (!one || codec.kind !== kind || one.mimeType.toLowerCase() !== codec.mimeType.toLowerCase()) return [];
    const rtcpFeedback = (codec.rtcpFeedback ?? []).filter(({ type, parameter = '' }) =>
      one.rtcpFeedback.some((other) => other.type === type && (other.parameter ?? '') === parameter),
    );
    return [{ ...codec, rtcpFeedback }];
  });
