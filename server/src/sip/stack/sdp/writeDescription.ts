import { isIPv6 } from 'node:net';
import type { AudioDescription, CodecName, MediaLine } from './model.ts';

/** Who a description is of, and which it is: both stay the same in a session, the version rises with each change (RFC 3264, section 8). */
export interface Origin {
  readonly sessionId: number;
  readonly version: number;
}

const RTPMAPS: Readonly<Record<CodecName, string>> = {
  PCMU: 'PCMU/8000',
  PCMA: 'PCMA/8000',
  G722: 'G722/8000',
  opus: 'opus/48000/2',
};
const OPUS_PARAMETERS = 'useinbandfec=1;stereo=0;sprop-stereo=0;maxplaybackrate=16000';

/** An offer or an answer of one sound: what else there is in the session is refused, each in its place. */
export function writeDescription(
  audio: AudioDescription,
  lines: readonly MediaLine[],
  origin: Origin,
): string {
  const media = lines.map(({ kind, profile, formats, isAudio }) =>
    isAudio ? mediaOf(audio) : [`m=${kind} 0 ${profile} ${formats}`],
  );
  return write(origin, audio.address, media);
}

function write({ sessionId, version }: Origin, address: string, media: readonly string[][]): string {
  const network = `IN ${isIPv6(address) ? 'IP6' : 'IP4'} ${address}`;
  const session = ['v=0', `o=parley ${sessionId} ${version} ${network}`, 's=-', `c=${network}`, 't=0 0'];
  return [...session, ...media.flat()].map((line) => `${line}\r\n`).join('');
}

function mediaOf(audio: AudioDescription): string[] {
  const { port, profile, formats, telephoneEvent, crypto, direction, ptime } = audio;
  const types = [...formats.map(({ payloadType }) => payloadType), telephoneEvent].filter(
    (type) => type !== undefined,
  );
  return [
    `m=audio ${port} ${profile} ${types.join(' ')}`,
    ...formats.flatMap(({ payloadType, name }) => [
      `a=rtpmap:${payloadType} ${RTPMAPS[name]}`,
      ...(name === 'opus' ? [`a=fmtp:${payloadType} ${OPUS_PARAMETERS}`] : []),
    ]),
    ...(telephoneEvent === undefined
      ? []
      : [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-16`]),
    ...crypto.map(({ tag, suite, master }) => `a=crypto:${tag} ${suite} inline:${master.toString('base64')}`),
    `a=ptime:${ptime}`,
    `a=${direction}`,
  ];
}
