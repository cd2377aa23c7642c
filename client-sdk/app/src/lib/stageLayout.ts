/** Where every tile of a meeting stands: a grid, or one large tile with the others in a strip. Pure. */
import { bestGrid, gridRects, type AspectRange, type Rect, type Space } from './bestGrid.ts';
import { bringSpeakersForward } from './speakerOrder.ts';

export const MAX_TILES_PER_PAGE = 16;
/** On a phone's width tiles below this many would be too small to see a face. */
export const MAX_TILES_PER_PAGE_NARROW = 8;
export const NARROW_WIDTH = 600;

const GRID_ASPECT: AspectRange = { min: 1.25, max: 16 / 9 };
const GRID_ASPECT_NARROW: AspectRange = { min: 0.72, max: 16 / 9 };
const STRIP_ASPECT = 16 / 9;

export interface PlacedTile {
  key: string;
  rect: Rect;
  /** `stage` is the large one; its video is shown whole where it is a screen. */
  role: 'grid' | 'stage' | 'strip';
}

export interface StageLayout {
  tiles: PlacedTile[];
  page: number;
  pages: number;
  /** Tiles that found no place in the strip, and where to say so. */
  overflow: { count: number; rect: Rect } | null;
}

export interface LayoutWish {
  /** All tiles, the most important first. */
  keys: readonly string[];
  /** The tile that takes the stage, if any. */
  stage: string | null;
  page: number;
  /** Tiles of those who spoke last, newest first: they get a place in sight. */
  recent: readonly string[];
}

export function layoutStage(wish: LayoutWish, space: Required<Space>): StageLayout {
  const { stage } = wish;
  if (stage !== null && wish.keys.includes(stage)) return layoutFocus(stage, wish, space);
  return layoutGrid(wish, space);
}

function layoutGrid(wish: LayoutWish, space: Required<Space>): StageLayout {
  const narrow = space.width < NARROW_WIDTH;
  const perPage = narrow ? MAX_TILES_PER_PAGE_NARROW : MAX_TILES_PER_PAGE;
  const pages = Math.max(1, Math.ceil(wish.keys.length / perPage));
  const page = Math.min(Math.max(0, wish.page), pages - 1);
  const order = bringSpeakersForward(wish.keys, wish.recent, perPage);
  const keys = order.slice(page * perPage, (page + 1) * perPage);
  const grid = bestGrid(keys.length, space, narrow ? GRID_ASPECT_NARROW : GRID_ASPECT);
  const rects = gridRects(keys.length, grid, space);
  const tiles = rects.map((rect, i): PlacedTile => ({ key: keys[i] ?? '', rect, role: 'grid' }));
  return { tiles, page, pages, overflow: null };
}

function layoutFocus(stage: string, wish: LayoutWish, space: Required<Space>): StageLayout {
  const others = wish.keys.filter((key) => key !== stage);
  if (others.length === 0) {
    const rect = { x: 0, y: 0, width: space.width, height: space.height };
    return { tiles: [{ key: stage, rect, role: 'stage' }], page: 0, pages: 1, overflow: null };
  }
  const { stageRect, slots } = cutStrip(others.length, space);
  const fits = others.length <= slots.length;
  // The last place says how many found none.
  const places = fits ? slots.length : slots.length - 1;
  const shown = bringSpeakersForward(others, wish.recent, places).slice(0, places);
  const tiles: PlacedTile[] = [{ key: stage, rect: stageRect, role: 'stage' }];
  shown.forEach((key, i) => {
    const rect = slots[i];
    if (rect !== undefined) tiles.push({ key, rect, role: 'strip' });
  });
  const lastSlot = slots.at(-1);
  const overflow =
    fits || lastSlot === undefined ? null : { count: others.length - shown.length, rect: lastSlot };
  return { tiles, page: 0, pages: 1, overflow };
}

/** The strip stands on the right of a wide space and at the bottom of a tall one. */
function cutStrip(count: number, space: Required<Space>): { stageRect: Rect; slots: Rect[] } {
  const { width, height, gap } = space;
  if (width > height * 1.15) {
    const stripWidth = clamp(width * 0.18, 132, 280);
    const tileHeight = stripWidth / STRIP_ASPECT;
    const room = Math.max(1, Math.floor((height + gap) / (tileHeight + gap)));
    const used = Math.min(count, room);
    const top = (height - used * tileHeight - (used - 1) * gap) / 2;
    const slots = Array.from({ length: used }, (_, i) => ({
      x: width - stripWidth,
      y: top + i * (tileHeight + gap),
      width: stripWidth,
      height: tileHeight,
    }));
    return { stageRect: { x: 0, y: 0, width: width - stripWidth - gap, height }, slots };
  }
  // Four on a phone, five on a tablet, so that a face or two beside one's own are in sight.
  const narrow = width < NARROW_WIDTH;
  const abreast = narrow ? 4 : 5;
  const tileWidth = Math.min(240, (width - (abreast - 1) * gap) / abreast);
  const tileHeight = Math.min(height * 0.25, narrow ? tileWidth * 1.1 : tileWidth / STRIP_ASPECT);
  const room = Math.max(1, Math.floor((width + gap + 0.5) / (tileWidth + gap)));
  const used = Math.min(count, room);
  const left = (width - used * tileWidth - (used - 1) * gap) / 2;
  const slots = Array.from({ length: used }, (_, i) => ({
    x: left + i * (tileWidth + gap),
    y: height - tileHeight,
    width: tileWidth,
    height: tileHeight,
  }));
  return { stageRect: { x: 0, y: 0, width, height: height - tileHeight - gap }, slots };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
