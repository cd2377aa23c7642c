import { yuvOf } from './colour.ts';
import { frameLength, type Frame, type Still } from './Frame.ts';
import type { Size } from './tiles.ts';

/** Pixels as a canvas gives them: red, green, blue, alpha of each, not multiplied. Even size. */
export interface Rgba extends Size {
  readonly data: Uint8ClampedArray;
}

/** One plane's share of an overlay: only what is not transparent, in runs. */
interface Layer {
  /** Row, column and length of each run. */
  readonly runs: Int32Array;
  /** For each pixel of the runs: what is kept of the picture (255 is all), and what is added, times 255. */
  readonly keep: Uint8Array;
  readonly add: readonly Uint16Array[];
}

/** Something drawn that is laid over a picture: made once, blended for each picture over its own few pixels. */
export class Overlay {
  readonly width: number;
  readonly height: number;
  readonly #luma: Layer;
  readonly #chroma: Layer;

  constructor(rgba: Rgba) {
    this.width = rgba.width;
    this.height = rgba.height;
    const planes = toPlanes(rgba);
    this.#luma = layerOf(planes.luma, rgba.width, rgba.height);
    this.#chroma = layerOf(planes.chroma, rgba.width / 2, rgba.height / 2);
  }

  /** Lays it over the frame with its upper left corner at (x, y), both even. */
  blend(frame: Frame, x: number, y: number): void {
    const { data, width } = frame;
    blendLayer(data, this.#luma, { values: 0, at: y * width + x, stride: width });
    const at = (y / 2) * (width / 2) + x / 2;
    blendLayer(data, this.#chroma, { values: 0, at: frame.u + at, stride: width / 2 });
    blendLayer(data, this.#chroma, { values: 1, at: frame.v + at, stride: width / 2 });
  }
}

function blendLayer(data: Buffer, layer: Layer, o: { values: 0 | 1; at: number; stride: number }): void {
  const { runs, keep } = layer;
  const add = layer.add[o.values];
  if (!add) return;
  let i = 0;
  for (let run = 0; run < runs.length; run += 3) {
    const start = o.at + (runs[run] ?? 0) * o.stride + (runs[run + 1] ?? 0);
    const end = start + (runs[run + 2] ?? 0);
    for (let at = start; at < end; at++, i++) {
      const sum = (data[at] ?? 0) * (keep[i] ?? 0) + (add[i] ?? 0) + 127;
      data[at] = (sum * 257) >> 16; // Division by 255.
    }
  }
}

interface Plane {
  alpha: Uint8Array;
  values: Uint8Array[];
}

/** Each two by two pixels share a colour: the mean of what is visible of them. */
function toPlanes({ data, width, height }: Rgba): { luma: Plane; chroma: Plane } {
  const pixels = width * height;
  const luma = { alpha: new Uint8Array(pixels), values: [new Uint8Array(pixels)] };
  const quarter = pixels / 4;
  const sums = {
    alpha: new Uint32Array(quarter),
    u: new Float64Array(quarter),
    v: new Float64Array(quarter),
  };
  for (let i = 0; i < pixels; i++) {
    const alpha = data[4 * i + 3] ?? 0;
    if (alpha === 0) continue;
    const { y, u, v } = yuvOf(data[4 * i] ?? 0, data[4 * i + 1] ?? 0, data[4 * i + 2] ?? 0);
    luma.alpha[i] = alpha;
    luma.values[0]?.fill(y, i, i + 1);
    const column = i % width;
    const cell = (((i - column) / width) >> 1) * (width >> 1) + (column >> 1);
    sums.alpha[cell] = (sums.alpha[cell] ?? 0) + alpha;
    sums.u[cell] = (sums.u[cell] ?? 0) + u * alpha;
    sums.v[cell] = (sums.v[cell] ?? 0) + v * alpha;
  }
  const mean = (sum: Float64Array) =>
    Uint8Array.from(sum, (value, i) => Math.round(value / (sums.alpha[i] || 1)));
  const alpha = Uint8Array.from(sums.alpha, (sum) => Math.round(sum / 4));
  return { luma, chroma: { alpha, values: [mean(sums.u), mean(sums.v)] } };
}

function layerOf({ alpha, values }: Plane, width: number, height: number): Layer {
  const runs: number[] = [];
  const visible: number[] = [];
  for (let row = 0; row < height; row++) {
    let length = 0;
    for (let column = 0; column <= width; column++) {
      const at = row * width + column;
      if (column < width && alpha[at] !== 0) {
        visible.push(at);
        length++;
      } else if (length > 0) {
        runs.push(row, column - length, length);
        length = 0;
      }
    }
  }
  return {
    runs: Int32Array.from(runs),
    keep: Uint8Array.from(visible, (at) => 255 - (alpha[at] ?? 0)),
    add: values.map((plane) => Uint16Array.from(visible, (at) => (plane[at] ?? 0) * (alpha[at] ?? 0))),
  };
}

/** Something drawn that covers all of its rectangle, as a picture. */
export function stillOf(rgba: Rgba): Still {
  const { width, height } = rgba;
  const { luma, chroma } = toPlanes(rgba);
  const data = Buffer.alloc(frameLength(rgba));
  data.set(luma.values[0] ?? [], 0);
  data.set(chroma.values[0] ?? [], width * height);
  data.set(chroma.values[1] ?? [], (width * height * 5) / 4);
  return { width, height, data };
}
