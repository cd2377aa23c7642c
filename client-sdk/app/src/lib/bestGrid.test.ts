import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestGrid, gridRects } from './bestGrid.ts';

const WIDE = { min: 4 / 3, max: 16 / 9 };
const PHONE = { min: 3 / 4, max: 16 / 9 };

test.each([
  [1, 1280, 720, 1, 1],
  [2, 1280, 720, 2, 1],
  [3, 1280, 720, 2, 2],
  [4, 1280, 720, 2, 2],
  [5, 1280, 720, 3, 2],
  [6, 1280, 720, 3, 2],
  [9, 1280, 720, 3, 3],
  [16, 1280, 720, 4, 4],
  [3, 2560, 700, 3, 1],
])('%i tiles in %i x %i stand in %i columns and %i rows', (...[count, width, height, columns, rows]) => {
  expect(bestGrid(count, { width, height, gap: 8 }, WIDE)).toMatchObject({ columns, rows });
});

test.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [6, 2],
  [8, 2],
])('%i tiles on a phone stand in %i columns', (count, columns) => {
  expect(bestGrid(count, { width: 374, height: 650, gap: 8 }, PHONE).columns).toBe(columns);
});

test('nothing, or no space, is no grid and no fault', () => {
  expect(bestGrid(0, { width: 800, height: 600 }, WIDE)).toMatchObject({ columns: 0, rows: 0 });
  expect(bestGrid(3, { width: 0, height: 0, gap: 8 }, WIDE)).toMatchObject({ tileWidth: 0, tileHeight: 0 });
});

const cases = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  width: fc.integer({ min: 320, max: 2560 }),
  height: fc.integer({ min: 300, max: 1600 }),
  gap: fc.integer({ min: 0, max: 16 }),
});

test('tiles stay inside the space, keep their shape and do not overlap', () => {
  fc.assert(
    fc.property(cases, ({ count, ...space }) => {
      const grid = bestGrid(count, space, WIDE);
      const rects = gridRects(count, grid, space);
      expect(rects).toHaveLength(count);
      for (const rect of rects) {
        expect(rect.x).toBeGreaterThan(-0.01);
        expect(rect.y).toBeGreaterThan(-0.01);
        expect(rect.x + rect.width).toBeLessThan(space.width + 0.01);
        expect(rect.y + rect.height).toBeLessThan(space.height + 0.01);
        expect(rect.width / rect.height).toBeGreaterThan(WIDE.min - 0.01);
        expect(rect.width / rect.height).toBeLessThan(WIDE.max + 0.01);
      }
      rects.forEach((a, i) =>
        rects.slice(i + 1).forEach((b) => {
          const apart =
            a.x + a.width <= b.x + 0.01 ||
            b.x + b.width <= a.x + 0.01 ||
            a.y + a.height <= b.y + 0.01 ||
            b.y + b.height <= a.y + 0.01;
          expect(apart).toBe(true);
        }),
      );
    }),
  );
});

test('no other number of columns gives larger tiles', () => {
  fc.assert(
    fc.property(cases, ({ count, width, height, gap }) => {
      const best = bestGrid(count, { width, height, gap }, { min: 1.5, max: 1.5 });
      for (let columns = 1; columns <= count; columns++) {
        const rows = Math.ceil(count / columns);
        const tileWidth = Math.min(
          (width - gap * (columns - 1)) / columns,
          ((height - gap * (rows - 1)) / rows) * 1.5,
        );
        expect(tileWidth).toBeLessThan(best.tileWidth + 0.5);
      }
    }),
  );
});
