import {
  KIND_OF_SOURCE,
  type DtlsParameters,
  type RtpCapabilities,
  type RtpParameters,
  type Source,
} from '@parley/protocol';
import type { SdpCodec, SdpSection, Setup } from './description.ts';
import { parseDescription } from './parseDescription.ts';
import { notAcceptable, producingOf, type Producing } from './producing.ts';
import { writeDescription, type OwnTransport, type WrittenSection } from './writeDescription.ts';

/** What a publisher asks for, and how it is met. */
export interface PublisherOffer {
  usernameFragment: string;
  password: string;
  dtlsParameters: DtlsParameters;
  /** What to produce, with the mid that it has. */
  tracks: { source: Source; kind: 'audio' | 'video'; rtpParameters: RtpParameters }[];
  /** The section that carries ICE for all. */
  tagged: { mid: string; type: string };
  /** Writes the answer, once there is a transport. */
  answer(transport: OwnTransport): string;
}

/**
 * Reads the offer of a publisher (RFC 9725): at most one section of audio and one of video, each of which is sent. The video
 * becomes the first of `sources` that is of video, and so the audio. Throws MEDIA_REJECTED when it is malformed, and
 * OFFER_NOT_ACCEPTABLE when it cannot be taken as a whole.
 */
export function readPublisherOffer(
  text: string,
  capabilities: RtpCapabilities,
  sources: readonly Source[],
): PublisherOffer {
  const { sections, order, ...transport } = parseDescription(text);
  for (const section of sections) assertSent(section);
  const accepted = sections.map((section) => {
    const source = sources.find((one) => KIND_OF_SOURCE[one] === section.kind);
    if (source === undefined || sections.find(({ kind }) => kind === section.kind) !== section)
      throw notAcceptable(`more ${section.kind} than is taken: one track of each kind`);
    return { section, source, producing: producingOf(section, capabilities) };
  });
  const { setup, fingerprints, usernameFragment, password } = transport;
  const written = order.map(({ mid, type, protocol, formats }) => {
    const one = accepted.find(({ section }) => section.mid === mid);
    return one ? answered(one.section, one.producing) : refusedSection({ mid, type, protocol, formats });
  });
  const [first] = sections;
  return {
    usernameFragment,
    password,
    dtlsParameters: { role: roleOf(setup), fingerprints },
    tracks: accepted.map(({ section, source, producing }) => ({
      source,
      kind: section.kind,
      rtpParameters: producing.rtpParameters,
    })),
    tagged: { mid: first?.mid ?? '0', type: first?.kind ?? 'audio' },
    answer: (own) =>
      writeDescription({
        transport: own,
        setup: setup === 'passive' ? 'active' : 'passive',
        sections: written,
      }),
  };
}

/** The role of whoever said so, when the server would rather wait. */
export const roleOf = (setup: Setup): 'client' | 'server' => (setup === 'passive' ? 'server' : 'client');

export const refusedSection = (section: {
  mid: string;
  type: string;
  protocol: string;
  formats: string;
}): WrittenSection => ({
  ...{ mid: section.mid, type: section.type, direction: 'inactive', reducedSizeRtcp: false },
  ...{ codecs: [], extensions: [], refused: { protocol: section.protocol, formats: section.formats } },
});

function assertSent({ kind, direction }: SdpSection): void {
  if (direction !== 'sendonly' && direction !== 'sendrecv')
    throw notAcceptable(`the section of ${kind} is ${direction}; whoever publishes sends`);
}

const answered = (section: SdpSection, producing: Producing): WrittenSection => ({
  mid: section.mid,
  type: section.kind,
  direction: 'recvonly',
  codecs: producing.codecs.map(asReceiver),
  extensions: producing.extensions,
  reducedSizeRtcp: section.reducedSizeRtcp,
  // In the order of the offer, which says nothing of sizes.
  receivedRids: section.rids.map(({ rid }) => rid),
});

/** Of Opus, `stereo` is what the receiver wants (RFC 7587 section 7.1): two channels, where the sender has two. */
function asReceiver(codec: SdpCodec): SdpCodec {
  if (!/\/opus$/i.test(codec.mimeType)) return codec;
  const isStereo = codec.parameters['sprop-stereo'] === 1 || codec.parameters['stereo'] === 1;
  return { ...codec, parameters: { minptime: 10, useinbandfec: 1, ...(isStereo && { stereo: 1 }) } };
}
