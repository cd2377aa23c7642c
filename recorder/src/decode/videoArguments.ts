import type { TileSize } from '../room/ProgramInput.ts';
import type { EncodedFrame, VideoCodec } from '../rtp/EncodedFrame.ts';

/**
 * NOTE: ffmpeg's own VP9 decoder shows every spatial layer of a superframe; libvpx shows the largest, as it should be. For AV1
 * only libdav1d is quick enough.
 */
const DECODERS: Record<VideoCodec, string> = { VP8: 'vp8', VP9: 'libvpx-vp9', H264: 'h264', AV1: 'libdav1d' };

/** Where the times of pictures are written, one line each, as raw video has none. */
export const TIMES_FD = 3;

const NUMBERS_A_SECOND = 1000;

export interface PictureLook {
  /** Pictures a second, at most; about. */
  maxFrameRate: number;
  /** By how much they are turned clockwise, degrees. */
  rotation: EncodedFrame['rotation'];
}

const TURNS: Record<EncodedFrame['rotation'], readonly string[]> = {
  0: [],
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
};

/**
 * Arguments of an ffmpeg that takes IVF on stdin, and gives I420 in the size of the tile on stdout. No user text is in them.
 *
 * NOTE: one thread for each step: threads work on several frames at once, so that each picture would wait for the next ones;
 * even the "encoder" of raw video does that. Nothing is read ahead but the first frame.
 */
export function videoArguments(codec: VideoCodec, tile: TileSize, look: PictureLook): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'fatal', '-protocol_whitelist', 'pipe'],
    ...['-probesize', '32', '-analyzeduration', '0', '-flags', 'low_delay', '-threads', '1'],
    ...['-c:v', DECODERS[codec], '-f', 'ivf', '-i', 'pipe:0'],
    ...['-filter_threads', '1', '-vf', videoFilter(tile, look), '-fps_mode', 'passthrough'],
    ...['-threads', '1', '-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/**
 * Arguments of an ffmpeg that scales pictures as they come: I420 of one size on stdin, of the tile's on stdout. Their times are
 * their numbers.
 */
export function scaleArguments(
  { width, height }: { width: number; height: number },
  tile: TileSize,
): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'fatal', '-protocol_whitelist', 'pipe'],
    ...['-probesize', '32', '-analyzeduration', '0', '-threads', '1'],
    ...['-f', 'rawvideo', '-pixel_format', 'yuv420p', '-video_size', `${width}x${height}`],
    ...['-framerate', `${NUMBERS_A_SECOND}`, '-i', 'pipe:0', '-filter_threads', '1'],
    ...[
      '-vf',
      videoFilter(tile, { maxFrameRate: NUMBERS_A_SECOND, rotation: 0 }),
      '-fps_mode',
      'passthrough',
    ],
    ...['-threads', '1', '-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** Pictures are dropped before they are scaled where there are too many of them. */
export function videoFilter(
  { width, height, fit }: TileSize,
  { maxFrameRate, rotation }: PictureLook,
): string {
  // Somewhat less than the time between pictures at that rate: those of a camera do not come in step.
  const spacing = (0.7 / maxFrameRate).toFixed(4);
  const size = `${width}:${height}`;
  const scale = (how: 'increase' | 'decrease'): string =>
    `scale=${size}:force_original_aspect_ratio=${how}:force_divisible_by=2:flags=bilinear`;
  return [
    `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${spacing})+lt(t\\,prev_selected_t)`,
    ...TURNS[rotation],
    ...(fit === 'cover'
      ? [scale('increase'), `crop=${size}`]
      : [scale('decrease'), `pad=${size}:(ow-iw)/2:(oh-ih)/2`]),
    'setsar=1',
    'format=yuv420p',
    // A picture without metadata is not printed.
    'metadata=mode=add:key=at:value=1',
    `metadata=mode=print:direct=1:file=pipe\\\\:${TIMES_FD}`,
  ].join(',');
}
