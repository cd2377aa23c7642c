/** Colours as video has them: BT.709, limited range (ITU-R BT.709-6, section 3). */

export interface Yuv {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** From red, green and blue, 0 to 255. */
export function yuvOf(red: number, green: number, blue: number): Yuv {
  const luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  return {
    y: Math.round(16 + 219 * luma),
    u: Math.round(128 + (224 * (blue / 255 - luma)) / 1.8556),
    v: Math.round(128 + (224 * (red / 255 - luma)) / 1.5748),
  };
}

/** From `#rrggbb`. */
export function yuvOfHex(hex: string): Yuv {
  const value = Number.parseInt(hex.slice(1), 16);
  return yuvOf((value >> 16) & 255, (value >> 8) & 255, value & 255);
}
