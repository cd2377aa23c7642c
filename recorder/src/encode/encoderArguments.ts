/** What an encoder's ffmpeg is told. Pure; everything in it is a number or a word of ours. */
import type { ProgramSettings } from '@parley/protocol/recorder';

export interface EncoderPlan {
  readonly format: 'mp4' | 'webm';
  /** Without pictures where false. */
  readonly video: boolean;
  readonly settings: ProgramSettings;
}

/**
 * Seconds of a fragment of MP4: short enough for parts of a low-latency page, and what a crash may cost. A fragment costs
 * some 500 bytes of tables, which finishing takes out again.
 */
export const FRAGMENT_SECONDS = 0.2;
/** Of WebM. */
export const CLUSTER_MS = 500;
/** Pictures that the encoder looks ahead, and thus holds back: the more, the better bits are spent. */
const LOOKAHEAD = 5;
/** Two forced key frames are at least so far apart, seconds. */
const MIN_KEY_FRAME_DISTANCE = 0.25;

export function encoderArguments(plan: EncoderPlan): string[] {
  const { settings, video, format } = plan;
  return [
    ...['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'error'],
    // What comes in is known: nothing is to be guessed from it, and nothing is to wait.
    ...['-probesize', '32', '-analyzeduration', '0', '-f', 'matroska', '-i', 'pipe:0'],
    ...(video ? videoArguments(plan) : ['-vn']),
    ...audioArguments(format, settings.audioBitrate),
    ...containerArguments(format),
    ...['-flush_packets', '1', 'pipe:1'],
  ];
}

function videoArguments({ format, settings }: EncoderPlan): string[] {
  const { videoBitrate, frameRate, keyFrameInterval } = settings;
  return [
    // Pictures keep their times; `-fps_mode` would be the newer word, which ffmpeg before 5.1 does not know.
    ...['-map', '0:v:0', '-map', '0:a:0', '-pix_fmt', 'yuv420p', '-vsync', 'vfr'],
    ...['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...(format === 'mp4' ? x264Arguments(settings) : vp8Arguments(settings)),
    ...['-maxrate', `${videoBitrate}`, '-bufsize', `${2 * videoBitrate}`],
    ...['-g', `${Math.round(10 * keyFrameInterval * frameRate)}`],
    ...['-force_key_frames', `expr:${keyFrameExpression(keyFrameInterval, frameRate)}`],
  ];
}

/**
 * A key frame each so many seconds, and after a picture that was left out: in this way the feed asks for one, since ffmpeg has
 * no other ear. Variable 0 holds the time of the picture before.
 */
function keyFrameExpression(interval: number, frameRate: number): string {
  const gap = (1.5 / frameRate).toFixed(5);
  const regular = `gte(t,prev_forced_t+${(interval - 0.5 / frameRate).toFixed(5)})`;
  const asked = `gt(t-ld(0),${gap})*gte(t,prev_forced_t+${MIN_KEY_FRAME_DISTANCE})`;
  return `st(1,if(isnan(prev_forced_t),1,${regular}+${asked}));st(0,t);ld(1)`;
}

/**
 * Without B frames and with a short look ahead: half the work of the preset as it is, for 8 % more bytes; what is shown is
 * in the file 0.2 s later. (`-tune zerolatency` would cost 50 % more bytes and some more work.)
 */
function x264Arguments({ preset, width, height, frameRate }: ProgramSettings): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', preset, '-profile:v', 'high', '-crf', '23', '-bf', '0'],
    ...['-x264-params', `rc-lookahead=${LOOKAHEAD}:sync-lookahead=0:scenecut=0${SEARCH[preset] ?? ''}`],
    ...['-threads', `${threadsFor(preset, width * height * frameRate)}`],
  ];
}

/** A third less work than the preset's own search between pixels, for 2 % more bytes and 0.001 of SSIM. */
const SEARCH: Partial<Record<ProgramSettings['preset'], string>> = { veryfast: ':subme=1' };

const PIXELS_OF_ONE_THREAD = 1280 * 720 * 30;
const COST = { ultrafast: 0.4, superfast: 0.7, veryfast: 1, faster: 1.6, fast: 2.2, medium: 3 };

/** One for 720 lines, which needs a third of a core; each more holds back a picture. */
function threadsFor(preset: ProgramSettings['preset'], pixelsPerSecond: number): number {
  return Math.min(8, Math.max(1, Math.ceil((COST[preset] * pixelsPerSecond) / PIXELS_OF_ONE_THREAD)));
}

const VP8_SPEED = { ultrafast: 12, superfast: 10, veryfast: 8, faster: 6, fast: 5, medium: 4 };

function vp8Arguments({ preset, videoBitrate, width, height }: ProgramSettings): string[] {
  return [
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', `${VP8_SPEED[preset]}`],
    ...['-b:v', `${videoBitrate}`, '-crf', '12', '-lag-in-frames', '0', '-error-resilient', '0'],
    ...['-threads', width * height > 1280 * 720 ? '2' : '1', '-auto-alt-ref', '0'],
  ];
}

function audioArguments(format: EncoderPlan['format'], bitrate: number): string[] {
  const codec = format === 'mp4' ? ['-c:a', 'aac'] : ['-c:a', 'libopus', '-application', 'audio'];
  return [...codec, '-b:a', `${bitrate}`, '-ar', '48000', '-ac', '2'];
}

function containerArguments(format: EncoderPlan['format']): string[] {
  if (format === 'webm') return ['-f', 'webm', '-live', '1', '-cluster_time_limit', `${CLUSTER_MS}`];
  const flags = '+frag_keyframe+empty_moov+default_base_moof';
  return ['-f', 'mp4', '-movflags', flags, '-frag_duration', `${FRAGMENT_SECONDS * 1e6}`];
}
