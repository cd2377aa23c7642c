import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutStage, MAX_TILES_PER_PAGE } from './stageLayout.ts';

const SPACE = { width: 1280, height: 700, gap: 8 };
const keysOf = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`);

test('16 tiles are one page, 17 are two', () => {
  const one = layoutStage({ keys: keysOf(16), stage: null, page: 0, recent: [] }, SPACE);
  expect([one.tiles.length, one.pages]).toEqual([16, 1]);
  const two = layoutStage({ keys: keysOf(17), stage: null, page: 0, recent: [] }, SPACE);
  expect([two.tiles.length, two.pages]).toEqual([16, 2]);
});

test('the second page holds the rest, and a page that is gone falls back to the last', () => {
  const keys = keysOf(20);
  const second = layoutStage({ keys, stage: null, page: 1, recent: [] }, SPACE);
  expect(second.tiles.map((tile) => tile.key)).toEqual(keys.slice(MAX_TILES_PER_PAGE));
  expect(layoutStage({ keys: keysOf(3), stage: null, page: 7, recent: [] }, SPACE).page).toBe(0);
});

test('the stage is larger than everything in the strip', () => {
  for (const space of [SPACE, { width: 374, height: 640, gap: 8 }, { width: 760, height: 340, gap: 8 }]) {
    const { tiles } = layoutStage({ keys: keysOf(4), stage: 'p2', page: 0, recent: [] }, space);
    const [stage, ...strip] = tiles;
    expect(stage).toMatchObject({ key: 'p2', role: 'stage' });
    expect(strip.map((tile) => tile.role)).not.toContain('stage');
    const area = (stage?.rect.width ?? 0) * (stage?.rect.height ?? 0);
    for (const { rect } of strip) expect(area).toBeGreaterThan(2.5 * rect.width * rect.height);
  }
});

test('a tile alone on the stage takes the whole space', () => {
  const { tiles } = layoutStage({ keys: ['a'], stage: 'a', page: 0, recent: [] }, SPACE);
  expect(tiles).toEqual([{ key: 'a', role: 'stage', rect: { x: 0, y: 0, width: 1280, height: 700 } }]);
});

test('a stage that nobody holds any more is a grid', () => {
  const { tiles } = layoutStage({ keys: keysOf(2), stage: 'gone', page: 0, recent: [] }, SPACE);
  expect(tiles.map((tile) => tile.role)).toEqual(['grid', 'grid']);
});

test('who speaks is in sight on the first page and in the strip', () => {
  const grid = layoutStage({ keys: keysOf(20), stage: null, page: 0, recent: ['p19'] }, SPACE);
  expect(grid.tiles.map((tile) => tile.key)).toContain('p19');
  const focus = layoutStage({ keys: keysOf(20), stage: 'p0', page: 0, recent: ['p19'] }, SPACE);
  expect(focus.tiles.map((tile) => tile.key)).toContain('p19');
  expect(focus.overflow?.count).toBe(20 - focus.tiles.length);
});

test('every tile is placed once inside the space, or counted as overflow', () => {
  fc.assert(
    fc.property(
      fc.record({
        count: fc.integer({ min: 1, max: 40 }),
        width: fc.integer({ min: 344, max: 2560 }),
        height: fc.integer({ min: 240, max: 1440 }),
        focused: fc.boolean(),
      }),
      ({ count, width, height, focused }) => {
        const keys = keysOf(count);
        const space = { width, height, gap: 8 };
        const layout = layoutStage({ keys, stage: focused ? 'p0' : null, page: 0, recent: [] }, space);
        const placed = layout.tiles.map((tile) => tile.key);
        expect(new Set(placed).size).toBe(placed.length);
        if (focused) expect(placed.length + (layout.overflow?.count ?? 0)).toBe(count);
        for (const { rect } of layout.tiles) {
          expect(rect.x).toBeGreaterThan(-0.01);
          expect(rect.y).toBeGreaterThan(-0.01);
          expect(rect.x + rect.width).toBeLessThan(width + 0.01);
          expect(rect.y + rect.height).toBeLessThan(height + 0.01);
        }
      },
    ),
  );
});
