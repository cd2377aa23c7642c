import type { Yuv } from './colour.ts';
import type { Rect, Size } from './tiles.ts';

/** A picture whose bytes can be copied into a frame: I420 without padding. */
export interface Still extends Size {
  readonly data: Buffer;
}

/** One picture of the programme, I420, which is painted again and again. Coordinates and sizes are even. */
export class Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
  /** Where the planes U and V begin. */
  readonly u: number;
  readonly v: number;

  constructor({ width, height }: Size, data: Buffer = Buffer.allocUnsafe(frameLength({ width, height }))) {
    this.width = width;
    this.height = height;
    this.data = data;
    this.u = width * height;
    this.v = this.u + this.u / 4;
  }

  fill(rect: Rect, { y, u, v }: Yuv): void {
    const half = halved(rect);
    this.#fillPlane(0, rect, { stride: this.width, value: y });
    this.#fillPlane(this.u, half, { stride: this.width / 2, value: u });
    this.#fillPlane(this.v, half, { stride: this.width / 2, value: v });
  }

  /** Puts a picture where `rect` is; what has another size is stretched, coarsely: a better one is on its way. */
  draw(still: Still, rect: Rect): void {
    const same = still.width === rect.width && still.height === rect.height;
    const paint = same ? this.#copyPlane : this.#stretchPlane;
    const luma = still.width * still.height;
    const from = { x: 0, y: 0, width: still.width / 2, height: still.height / 2 };
    paint.call(this, still.data, { plane: 0, at: 0, from: { ...from, ...sizeOf(still) }, to: rect });
    const to = halved(rect);
    paint.call(this, still.data, { plane: this.u, at: luma, from, to });
    paint.call(this, still.data, { plane: this.v, at: luma * 1.25, from, to });
  }

  #fillPlane(plane: number, rect: Rect, o: { stride: number; value: number }): void {
    for (let row = 0; row < rect.height; row++) {
      const at = plane + (rect.y + row) * o.stride + rect.x;
      this.data.fill(o.value, at, at + rect.width);
    }
  }

  #copyPlane(source: Buffer, { plane, at, to }: PlaneCopy): void {
    const stride = plane === 0 ? this.width : this.width / 2;
    let target = plane + to.y * stride + to.x;
    let from = at;
    for (let row = 0; row < to.height; row++) {
      source.copy(this.data, target, from, from + to.width);
      target += stride;
      from += to.width;
    }
  }

  /** The nearest pixel of each; the middle of the source, in the shape of the target. */
  #stretchPlane(source: Buffer, { plane, at, from, to }: PlaneCopy): void {
    const stride = plane === 0 ? this.width : this.width / 2;
    const scale = Math.min(from.width / to.width, from.height / to.height);
    const left = (from.width - to.width * scale) / 2;
    const top = (from.height - to.height * scale) / 2;
    for (let row = 0; row < to.height; row++) {
      const line = at + Math.floor(top + row * scale) * from.width;
      const target = plane + (to.y + row) * stride + to.x;
      for (let column = 0; column < to.width; column++)
        this.data[target + column] = source[line + Math.floor(left + column * scale)] ?? 0;
    }
  }
}

interface PlaneCopy {
  /** Where the plane begins in the frame, and in the source. */
  plane: number;
  at: number;
  from: Rect;
  to: Rect;
}

export function frameLength({ width, height }: Size): number {
  return (width * height * 3) / 2;
}

export function halved({ x, y, width, height }: Rect): Rect {
  return { x: x / 2, y: y / 2, width: width / 2, height: height / 2 };
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}
