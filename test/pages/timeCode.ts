/** A time painted into a picture, which can be read from it again however it was scaled and compressed. */

interface Size {
  width: number;
  height: number;
}

const COLUMNS = 6;
const ROWS = 4;
/** Names stand below. */
const SHARE_OF_HEIGHT = 0.8;
const TIME_BITS = 20;
/** Milliseconds after which the times begin anew: 17 minutes. */
const SPAN = 2 ** TIME_BITS;

/** @param at ms since the epoch */
export function paintTimeCode(context: CanvasRenderingContext2D, { width, height }: Size, at: number): void {
  const bits = withSum(at % SPAN);
  context.fillStyle = '#808080';
  context.fillRect(0, 0, width, height);
  const [cellWidth, cellHeight] = [width / COLUMNS, (height * SHARE_OF_HEIGHT) / ROWS];
  for (let cell = 0; cell < COLUMNS * ROWS; cell += 1) {
    context.fillStyle = (bits >>> cell) & 1 ? 'white' : 'black';
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)];
    context.fillRect(column * cellWidth, row * cellHeight, cellWidth, cellHeight);
  }
}

/**
 * Milliseconds that have passed since the picture was painted; undefined where there is no time in it.
 *
 * @param luma brightness of each pixel, 0 to 255, row by row
 * @param now ms since the epoch
 */
export function ageOfPicture(
  luma: ArrayLike<number>,
  { width, height }: Size,
  now: number,
): number | undefined {
  let bits = 0;
  for (let cell = 0; cell < COLUMNS * ROWS; cell += 1) {
    const x = Math.floor(((cell % COLUMNS) + 0.5) * (width / COLUMNS));
    const y = Math.floor((Math.floor(cell / COLUMNS) + 0.5) * ((height * SHARE_OF_HEIGHT) / ROWS));
    if ((luma[y * width + x] ?? 0) > 128) bits |= 1 << cell;
  }
  const time = bits & (SPAN - 1);
  return bits === withSum(time) ? (((now - time) % SPAN) + SPAN) % SPAN : undefined;
}

/** With four bits more, by which it is told from any other picture. */
function withSum(time: number): number {
  let sum = 0b1010;
  for (let shift = 0; shift < TIME_BITS; shift += 4) sum ^= (time >>> shift) & 0b1111;
  return time | (sum << TIME_BITS);
}
