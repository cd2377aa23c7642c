/** What is in fragments of MP4, sample by sample, and what a player has to know before: for targets that are no files. */
import { boxes, children, findBox } from '../files/mp4/boxes.ts';
import { parseMoof } from '../files/mp4/fragment.ts';
import { parseInit, type Mp4Init, type Mp4Track } from '../files/mp4/initSegment.ts';
import type { Sample, StreamConfig } from '../rtmp/flv.ts';

export interface Mp4Stream {
  init: Mp4Init;
  config: StreamConfig;
  /** RFC 6381: `avc1.64001f,mp4a.40.2`. */
  codecs: string;
}

export interface StreamRates {
  frameRate: number;
  /** bits/s */
  videoBitrate: number;
  audioBitrate: number;
}

/**
 * Reads an init segment with H.264, AAC or both.
 *
 * @throws {FilesError} MEDIA_MALFORMED
 */
export function readStream(bytes: Buffer, rates: StreamRates): Mp4Stream {
  const init = parseInit(bytes);
  const config: StreamConfig = { ...rates, width: 0, height: 0, sampleRate: 0 };
  const codecs: string[] = [];
  for (const track of init.tracks) {
    const entry = sampleEntryOf(bytes, track);
    if (entry?.type === 'avc1') {
      config.avc = boxIn(bytes, { ...entry, from: AVC1_FIELDS }, 'avcC') ?? Buffer.alloc(0);
      config.width = bytes.readUInt16BE(entry.body + 24);
      config.height = bytes.readUInt16BE(entry.body + 26);
      codecs.push(`avc1.${config.avc.toString('hex', 1, 4)}`);
    }
    if (entry?.type === 'mp4a') {
      const esds = boxIn(bytes, { ...entry, from: MP4A_FIELDS }, 'esds');
      config.aac = (esds && audioConfigOf(esds.subarray(4))) ?? Buffer.alloc(0);
      config.sampleRate = bytes.readUInt16BE(entry.body + 24);
      codecs.push(`mp4a.40.${String((config.aac[0] ?? 0) >> 3)}`);
    }
  }
  return { init, config, codecs: codecs.join(',') };
}

/**
 * The samples of a fragment, by when they are decoded.
 *
 * @throws {FilesError} MEDIA_MALFORMED
 */
export function samplesOf(fragment: Buffer, { init }: Mp4Stream): Sample[] {
  const samples = parseMoof(fragment, init.tracks).flatMap((run) => {
    const track = init.tracks.find(({ trackId }) => trackId === run.trackId);
    if (!track) return [];
    let { offset: at, decodeTime } = run;
    return run.samples.map(({ size, duration, compositionOffset, isSync }): Sample => {
      const data = fragment.subarray(at, at + size);
      const ms = (units: number) => (units * 1000) / track.timescale;
      const sample = { data, decodeTime: ms(decodeTime), offset: ms(compositionOffset) };
      at += size;
      decodeTime += duration;
      return { kind: track.kind, ...sample, keyFrame: isSync };
    });
  });
  return samples.sort((one, other) => one.decodeTime - other.decodeTime);
}

/** Bytes of VisualSampleEntry and AudioSampleEntry before the boxes in them (ISO/IEC 14496-12, 12.1.3 and 12.2.3). */
const AVC1_FIELDS = 78;
const MP4A_FIELDS = 28;

function sampleEntryOf(bytes: Buffer, { trak }: Mp4Track) {
  const stsd = findBox(bytes, trak, ['mdia', 'minf', 'stbl', 'stsd']);
  return stsd && boxes(bytes, stsd.body + 8, stsd.end)[0];
}

function boxIn(
  bytes: Buffer,
  entry: { type: string; start: number; body: number; end: number; from: number },
  type: string,
) {
  const [box] = children(bytes, { ...entry, body: entry.body + entry.from }, type);
  return box && bytes.subarray(box.body, box.end);
}

const ES = 0x03;
const DECODER_CONFIG = 0x04;
const DECODER_SPECIFIC = 0x05;

/** The AudioSpecificConfig within an ES descriptor (ISO/IEC 14496-1, 7.2.6). */
function audioConfigOf(bytes: Buffer): Buffer | undefined {
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at++];
    let length = 0;
    for (let more = 0x80; more === 0x80 && at < bytes.length;) {
      const byte = bytes[at++] ?? 0;
      more = byte & 0x80;
      length = (length << 7) | (byte & 0x7f);
    }
    if (tag === DECODER_SPECIFIC) return bytes.subarray(at, at + length);
    if (tag === ES) at += 3;
    else if (tag === DECODER_CONFIG) at += 13;
    else at += length;
  }
  return undefined;
}
