import { execFileSync } from 'node:child_process';
import { VideoDecoder } from '@parley/recorder/internal/decode/VideoDecoder.ts';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import type { TileSize } from '@parley/recorder/internal/room/ProgramInput.ts';
import type { EncodedFrame } from '@parley/recorder/internal/rtp/EncodedFrame.ts';
import { SyntheticVideo } from '@parley/recorder/internal/testing/SyntheticRoom.ts';

/** Something that moves and is noisy, as a camera is: VP8 of the layer that a quarter of 720 lines is given, as IVF. */
export function encodeCameraFile(seed: number): Buffer {
  const source = `life=s=160x90:mold=10:r=25:ratio=0.1:seed=${seed},scale=640:360,gblur=3,noise=alls=5:allf=t`;
  const input = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '100', '-pix_fmt', 'yuv420p'];
  const output = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k', '-g', '1000'];
  return execFileSync(findFfmpeg(), [...input, ...output, '-f', 'ivf', '-'], { maxBuffer: 64e6 });
}

export const encodeCamera = (seed: number): EncodedFrame[] => framesOf(encodeCameraFile(seed));

/** The frames of an IVF file. */
export function framesOf(ivf: Buffer): EncodedFrame[] {
  const frames: EncodedFrame[] = [];
  for (let at = 32; at < ivf.length; at += 12 + ivf.readUInt32LE(at)) {
    const data = ivf.subarray(at + 12, at + 12 + ivf.readUInt32LE(at));
    const keyFrame = frames.length === 0;
    frames.push({ data, keyFrame, rtpTimestamp: 0, arrivedAt: 0, capturedAt: 0, rotation: 0 });
  }
  return frames;
}

/** A camera whose frames are decoded as those of a room are. */
export class DecodedCamera extends SyntheticVideo {
  readonly #frames: readonly EncodedFrame[];
  #decoder: VideoDecoder | undefined;
  #next = 0;

  constructor(frames: readonly EncodedFrame[]) {
    super('camera', '#000000');
    this.#frames = frames;
  }

  override show(tile: TileSize | null): void {
    this.tile = tile;
    if (!tile) {
      this.#decoder?.close();
      this.#decoder = undefined;
    } else if (this.#decoder) this.#decoder.setTile(tile);
    else this.#decoder = this.#start(tile);
  }

  override send(now: number): void {
    const frame = this.#frames[this.#next++ % this.#frames.length];
    if (!frame || !this.#decoder) return;
    const rtpTimestamp = this.#next * 3600;
    this.#decoder.push({ ...frame, rtpTimestamp, capturedAt: now, arrivedAt: now });
  }

  #start(tile: TileSize): VideoDecoder {
    this.#next = 0;
    return new VideoDecoder({
      ...{ ffmpeg: findFfmpeg(), codec: 'VP8', tile, rotation: 0, maxFrameRate: 25 },
      onPicture: (picture) => {
        this.picture = picture;
        this.emit('picture', picture);
      },
      needKeyFrame: () => (this.#next = 0),
      onCrash: () => undefined,
    });
  }
}
