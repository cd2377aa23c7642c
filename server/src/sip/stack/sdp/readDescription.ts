import { isIPv4 } from 'node:net';
import { parse, type ParsedMedia, type ParsedSession } from 'sdp-transform';
import type {
  AudioDescription,
  AudioFormat,
  CodecName,
  CryptoLine,
  Direction,
  MediaLine,
  RemoteDescription,
} from './model.ts';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
/** Payload types that mean something without a word (RFC 3551, table 4). */
const STATIC: Readonly<Record<number, CodecName>> = { 0: 'PCMU', 8: 'PCMA', 9: 'G722' };
/** Names in capitals, with the clock that RTP says: that of G.722 is a mistake that has to stay (RFC 3551, section 4.5.2). */
const NAMES: Readonly<Record<string, CodecName>> = {
  'PCMU/8000': 'PCMU',
  'PCMA/8000': 'PCMA',
  'G722/8000': 'G722',
  'OPUS/48000': 'opus',
};
const DEFAULT_PTIME = 20;
/** Of a description, characters: many times what telephones write. What is larger is none. */
const MAX_LENGTH = 16 * 1024;

/** Which of several sounds is to be spoken. */
export type Choice = (all: readonly AudioDescription[]) => AudioDescription | undefined;

/** Reads an offer or an answer. undefined for what is no description. */
export function readDescription(
  text: string,
  choose: Choice = ([first]) => first,
): RemoteDescription | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const session = parse(text);
  if (session.version === undefined || !Array.isArray(session.media)) return undefined;
  const all = session.media.map((media) => readAudio(media, session));
  const audio = choose(all.filter((one) => one !== undefined));
  return {
    audio,
    lines: linesOf(text).map((line, at) => ({ ...line, isAudio: !!audio && all[at] === audio })),
  };
}

/** As they stand, also those that mean nothing here: an answer has them all in their places. */
const linesOf = (text: string): Omit<MediaLine, 'isAudio'>[] =>
  text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.startsWith('m='))
    .map((line) => {
      const [kind = '', , profile = '', ...formats] = line.slice(2).trim().split(/\s+/);
      return { kind, profile, formats: formats.join(' ') || '0' };
    });

function readAudio(media: ParsedMedia, session: ParsedSession): AudioDescription | undefined {
  const profile = String(media.protocol).toUpperCase();
  const port = Number(media.port);
  // The port behind it is that of RTCP.
  if (media.type !== 'audio' || !/^RTP\/S?AVPF?$/.test(profile) || !(port > 0 && port < 0xffff))
    return undefined;
  const formats = formatsOf(media);
  const address = (media.connection ?? session.connection)?.ip;
  if (formats.length === 0 || !isOfOne(String(address))) return undefined;
  const event = media.rtp.find(({ codec, rate }) => isEvent(codec) && (rate ?? 8000) === 8000);
  return {
    ...{ address: String(address), port, profile, formats },
    direction: directionOf(media, session),
    telephoneEvent: event?.payload,
    crypto: cryptoOf(media),
    ptime: Number(media.ptime ?? DEFAULT_PTIME) || DEFAULT_PTIME,
  };
}

/** IPv4, of one host (or of nobody, for who is held): what goes to many would be sent to them on behalf of whoever asks. */
const isOfOne = (address: string): boolean => isIPv4(address) && Number(address.split('.')[0]) < 224;

const isEvent = (codec: string | number): boolean => String(codec).toLowerCase() === 'telephone-event';

/** In the order of the m-line, which is that of preference. */
function formatsOf({ payloads, rtp }: ParsedMedia): AudioFormat[] {
  const types = String(payloads ?? '')
    .split(' ')
    .filter((type) => type !== '')
    .map(Number);
  return types.flatMap((payloadType) => {
    const map = rtp.find(({ payload }) => payload === payloadType);
    const name = map ? NAMES[`${String(map.codec).toUpperCase()}/${map.rate ?? 8000}`] : STATIC[payloadType];
    return name === undefined ? [] : [{ payloadType, name }];
  });
}

/** An address of zeros was how one held before there were directions (RFC 3264, section 8.4). */
function directionOf(media: ParsedMedia, session: ParsedSession): Direction {
  const said = String(media.direction ?? session.direction ?? 'sendrecv');
  const direction = DIRECTIONS.find((one) => one === said) ?? 'sendrecv';
  const address = String((media.connection ?? session.connection)?.ip ?? '');
  if (address !== '0.0.0.0') return direction;
  return direction === 'recvonly' || direction === 'inactive' ? 'inactive' : 'sendonly';
}

/** `inline:KEY|lifetime|MKI:length` (RFC 4568, section 6.1). Keys with an MKI are passed over: no packet here has one. */
function cryptoOf({ crypto = [] }: ParsedMedia): CryptoLine[] {
  return crypto.flatMap(({ id, suite, config }) => {
    const [, key = '', rest = ''] = /^inline:([A-Za-z0-9+/=]+)((?:\|[^\s|]+)*)/.exec(String(config)) ?? [];
    if (key === '' || /\|\d+:\d+/.test(rest)) return [];
    return [{ tag: Number(id), suite: String(suite).toUpperCase(), master: Buffer.from(key, 'base64') }];
  });
}
