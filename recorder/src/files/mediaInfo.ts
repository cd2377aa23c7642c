import { CustomSource, Input, MATROSKA, MP4, OGG, WEBM, type InputTrack } from 'mediabunny';
import type { VaultReader } from '../vault/index.ts';
import { FilesError } from './FilesError.ts';

/** What there is to say of a recording in a list. */
export interface MediaInfo {
  /** Bytes of plain text. */
  size: number;
  durationMs: number;
  tracks: readonly MediaTrackInfo[];
}

export type MediaTrackInfo =
  | { kind: 'video'; codec: string | null; width: number; height: number }
  | { kind: 'audio'; codec: string | null; sampleRate: number; channels: number };

/** Looks at the tables of a recording, finished or not. @throws {FilesError} MEDIA_UNSUPPORTED */
export async function readMediaInfo(source: VaultReader): Promise<MediaInfo> {
  const bytes = new CustomSource({
    getSize: () => source.size,
    read: (start, end) => source.bytes(start, end),
  });
  using input = new Input({ source: bytes, formats: [MP4, WEBM, MATROSKA, OGG] });
  if (!(await input.canRead())) throw new FilesError('MEDIA_UNSUPPORTED');
  const tracks = await Promise.all((await input.getTracks()).map(describe));
  const duration = await input.computeDuration();
  return { size: source.size, durationMs: Math.round(duration * 1000), tracks: tracks.flat() };
}

async function describe(track: InputTrack): Promise<MediaTrackInfo[]> {
  if (track.isVideoTrack()) {
    const [codec, width, height] = await Promise.all([
      track.getCodec(),
      track.getDisplayWidth(),
      track.getDisplayHeight(),
    ]);
    return [{ kind: 'video', codec, width, height }];
  }
  if (!track.isAudioTrack()) return [];
  const [codec, sampleRate, channels] = await Promise.all([
    track.getCodec(),
    track.getSampleRate(),
    track.getNumberOfChannels(),
  ]);
  return [{ kind: 'audio', codec, sampleRate, channels }];
}
