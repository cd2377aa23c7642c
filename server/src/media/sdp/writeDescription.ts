import type { DtlsParameters, IceCandidate, IceParameters } from '@parley/protocol';
import type { Direction, SdpCodec, SdpExtension, Setup } from './description.ts';

/** The server's side of a transport, as `media.createTransport` describes it. */
export interface OwnTransport {
  iceParameters: IceParameters;
  iceCandidates: IceCandidate[];
  dtlsParameters: DtlsParameters;
}

/** A section to write. */
export interface WrittenSection {
  mid: string;
  type: string;
  /** Formats as the other side wrote them, for a section that is refused. */
  refused?: { protocol: string; formats: string };
  direction: Direction;
  codecs: readonly SdpCodec[];
  extensions: readonly SdpExtension[];
  /** Layers of simulcast that are received, in the order in which they were offered. */
  receivedRids?: readonly string[];
  msid?: string;
  reducedSizeRtcp: boolean;
}

/** Writes a description of one bundle on one ICE-lite transport (RFC 8839 section 5.3, RFC 9143). */
export function writeDescription(options: {
  transport: OwnTransport;
  setup: Setup;
  sections: readonly WrittenSection[];
}): string {
  const { transport, setup, sections } = options;
  const taken = sections.filter(({ refused }) => !refused);
  const lines = [
    'v=0',
    `o=parley ${Date.now()} 1 IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${taken.map(({ mid }) => mid).join(' ')}`,
    'a=ice-lite',
    'a=msid-semantic: WMS *',
    ...sections.flatMap((section) =>
      section.refused
        ? refusedLines(section, section.refused)
        : sectionLines(section, { transport, setup, withCandidates: section === taken[0] }),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The lines of ICE that a fragment for a restart has (RFC 8840 section 4.4). */
export function writeIceFragment(
  { iceParameters, iceCandidates }: Pick<OwnTransport, 'iceParameters' | 'iceCandidates'>,
  section: { mid: string; type: string },
): string {
  const lines = [
    'a=ice-lite',
    `a=group:BUNDLE ${section.mid}`,
    `m=${section.type} 9 UDP/TLS/RTP/SAVPF 0`,
    `a=mid:${section.mid}`,
    ...iceLines(iceParameters),
    ...candidateLines(iceCandidates),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

const refusedLines = (
  { mid, type }: WrittenSection,
  { protocol, formats }: { protocol: string; formats: string },
): string[] => [`m=${type} 0 ${protocol} ${formats}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];

function sectionLines(
  section: WrittenSection,
  { transport, setup, withCandidates }: { transport: OwnTransport; setup: Setup; withCandidates: boolean },
): string[] {
  const { mid, type, direction, codecs, extensions, receivedRids = [], msid } = section;
  const fingerprint =
    transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ??
    transport.dtlsParameters.fingerprints[0];
  return [
    `m=${type} 9 UDP/TLS/RTP/SAVPF ${codecs.map(({ payloadType }) => payloadType).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    ...iceLines(transport.iceParameters),
    `a=fingerprint:${fingerprint?.algorithm ?? ''} ${fingerprint?.value ?? ''}`,
    `a=setup:${setup}`,
    `a=mid:${mid}`,
    ...extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    `a=${direction}`,
    ...(msid === undefined ? [] : [`a=msid:${msid}`]),
    'a=rtcp-mux',
    'a=rtcp-mux-only',
    ...(section.reducedSizeRtcp ? ['a=rtcp-rsize'] : []),
    ...codecs.flatMap(codecLines),
    ...receivedRids.map((rid) => `a=rid:${rid} recv`),
    ...(receivedRids.length > 0 ? [`a=simulcast:recv ${receivedRids.join(';')}`] : []),
    ...(withCandidates ? candidateLines(transport.iceCandidates) : []),
  ];
}

const iceLines = ({ usernameFragment, password }: IceParameters): string[] => [
  `a=ice-ufrag:${usernameFragment}`,
  `a=ice-pwd:${password}`,
];

/** All there are: the server gathers nothing later. */
const candidateLines = (candidates: readonly IceCandidate[]): string[] => [
  ...candidates.map(({ foundation, protocol, priority, address, port, type, tcpType }) =>
    [
      `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}`,
      ...(tcpType === undefined ? [] : [`tcptype ${tcpType}`]),
    ].join(' '),
  ),
  'a=end-of-candidates',
];

function codecLines({ payloadType, mimeType, clockRate, channels = 1, parameters, rtcpFeedback }: SdpCodec) {
  const name = mimeType.split('/')[1] ?? '';
  const values = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return [
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels > 1 ? `/${channels}` : ''}`,
    ...(values.length > 0 ? [`a=fmtp:${payloadType} ${values.join(';')}`] : []),
    ...rtcpFeedback.map(
      ({ type, parameter }) =>
        `a=rtcp-fb:${payloadType} ${type}${parameter === undefined ? '' : ` ${parameter}`}`,
    ),
  ];
}
