/** How equal tiles share a space: pure geometry on even pixels. */
import type { Rect, Size } from './tiles.ts';

/** Narrowest and widest shape of a tile, as width / height: video is cropped to fill it. */
const NARROWEST = 1.25;
const WIDEST = 16 / 9;

/** Below this nobody is recognised and no name can be read. */
export const MIN_TILE: Size = { width: 144, height: 80 };

export interface Space extends Rect {
  readonly gap: number;
}

interface Grid {
  readonly columns: number;
  readonly tile: Size;
}

export function even(value: number): number {
  return 2 * Math.floor(value / 2);
}

/** `count` places in rows, each row and the whole centred; shaped so that tiles are as large as they can be. */
export function gridRects(count: number, space: Space): Rect[] {
  if (count === 0) return [];
  const { columns, tile } = bestGrid(count, space);
  const rows = Math.ceil(count / columns);
  const top = space.y + even((space.height - rows * tile.height - (rows - 1) * space.gap) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = space.x + even((space.width - inRow * tile.width - (inRow - 1) * space.gap) / 2);
    return {
      x: left + (index % columns) * (tile.width + space.gap),
      y: top + row * (tile.height + space.gap),
      ...tile,
    };
  });
}

/** How many tiles of a readable size find place, `most` at most. */
export function gridCapacity(space: Space, most: number): number {
  for (let count = most; count > 1; count--) if (isReadable(count, space)) return count;
  return 1;
}

/** Whether so many tiles can be read. That more of them can does not mean it: they stand in other rows. */
export function isReadable(count: number, space: Space): boolean {
  const { tile } = bestGrid(count, space);
  return tile.width >= MIN_TILE.width && tile.height >= MIN_TILE.height;
}

/** Of equal areas the one with fewer empty cells wins. */
function bestGrid(count: number, space: Space): Grid {
  let best = gridOf(1, count, space);
  for (let columns = 2; columns <= count; columns++) {
    const grid = gridOf(columns, count, space);
    const difference = areaOf(grid) - areaOf(best);
    const fuller = emptyCells(grid, count) < emptyCells(best, count);
    if (difference > 0 || (difference === 0 && fuller)) best = grid;
  }
  return best;
}

function gridOf(columns: number, count: number, space: Space): Grid {
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.max(2, (space.width - space.gap * (columns - 1)) / columns);
  const cellHeight = Math.max(2, (space.height - space.gap * (rows - 1)) / rows);
  const width = Math.min(cellWidth, cellHeight * WIDEST);
  const height = Math.min(cellHeight, cellWidth / NARROWEST);
  return { columns, tile: { width: even(width), height: even(height) } };
}

function areaOf({ tile }: Grid): number {
  return tile.width * tile.height;
}

function emptyCells({ columns }: Grid, count: number): number {
  return columns * Math.ceil(count / columns) - count;
}
