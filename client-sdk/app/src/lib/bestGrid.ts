/** How tiles share a space: pure geometry, in CSS pixels. */

export interface AspectRange {
  /** Narrowest and widest shape a tile may take, as width / height. */
  min: number;
  max: number;
}

export interface Grid {
  columns: number;
  rows: number;
  tileWidth: number;
  tileHeight: number;
}

export interface Space {
  width: number;
  height: number;
  gap?: number;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The columns and rows that give `count` tiles the largest area in the space. A tile may take any shape in
 * the range, since video is cropped to fill it; of equal areas the one with fewer empty cells wins.
 */
export function bestGrid(count: number, space: Space, aspect: AspectRange): Grid {
  let best: Grid = { columns: 0, rows: 0, tileWidth: 0, tileHeight: 0 };
  let bestArea = -1;
  let bestEmpty = Infinity;
  for (let columns = 1; columns <= count; columns++) {
    const grid = gridOfColumns(count, columns, { space, aspect });
    const area = grid.tileWidth * grid.tileHeight;
    const empty = grid.columns * grid.rows - count;
    if (area > bestArea + 0.5 || (area > bestArea - 0.5 && empty < bestEmpty)) {
      best = grid;
      bestArea = area;
      bestEmpty = empty;
    }
  }
  return best;
}

function gridOfColumns(count: number, columns: number, o: { space: Space; aspect: AspectRange }): Grid {
  const { width, height, gap = 0 } = o.space;
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(0, (height - gap * (rows - 1)) / rows);
  return {
    columns,
    rows,
    tileWidth: Math.min(cellWidth, cellHeight * o.aspect.max),
    tileHeight: Math.min(cellHeight, cellWidth / o.aspect.min),
  };
}

/** Where each of `count` tiles of a grid stands: rows from the top, each row and the whole centred. */
export function gridRects(count: number, grid: Grid, space: Space): Rect[] {
  const { width, height, gap = 0 } = space;
  const { columns, rows, tileWidth, tileHeight } = grid;
  const top = (height - rows * tileHeight - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = (width - inRow * tileWidth - (inRow - 1) * gap) / 2;
    return {
      x: left + (index % columns) * (tileWidth + gap),
      y: top + row * (tileHeight + gap),
      width: tileWidth,
      height: tileHeight,
    };
  });
}
