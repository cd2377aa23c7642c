import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAYOUTS, type PictureLayout } from '@parley/protocol';
import { MIN_TILE } from './grid.ts';
import { arrange, MOST_TILES, type LayoutWish } from './layouts.ts';
import { keyOf, type Person, type Rect } from './tiles.ts';

const HD = { width: 1280, height: 720 };

function people(count: number, sharing: readonly number[] = []): Person[] {
  return Array.from({ length: count }, (_, index) => ({
    participantId: `p${index}`,
    displayName: `Person ${index}`,
    camera: true,
    screen: sharing.includes(index),
  }));
}

function wish(kind: PictureLayout['kind'], o: Partial<LayoutWish> = {}): LayoutWish {
  const layout = { kind, focus: null };
  return { people: [], speaker: null, recent: [], spotlight: [], layout, size: HD, seats: [], ...o };
}

/** The rows of a grid: how many stand in each. */
function rowsOf(count: number): number[] {
  const { tiles } = arrange(wish('grid', { people: people(count) }));
  const rows = Map.groupBy(tiles, ({ y }) => y);
  return [...rows.values()].map(({ length }) => length);
}

describe('grid', () => {
  it.each([
    [1, [1]],
    [2, [2]],
    [3, [2, 1]],
    [4, [2, 2]],
    [5, [3, 2]],
    [6, [3, 3]],
    [7, [3, 3, 1]],
    [8, [3, 3, 2]],
    [9, [3, 3, 3]],
    [10, [4, 4, 2]],
    [12, [4, 4, 4]],
    [16, [4, 4, 4, 4]],
    [20, [5, 5, 5, 5]],
    [25, [5, 5, 5, 5, 5]],
  ])('of %i stands in rows of %j', (count, rows) => {
    expect(rowsOf(count)).toEqual(rows);
  });

  it('fills the picture with the only one', () => {
    const { tiles } = arrange(wish('grid', { people: people(1) }));
    expect(tiles[0]).toMatchObject({ x: 0, y: 0, ...HD, radius: 0, fit: 'cover' });
  });

  it('shows screens whole, and before cameras', () => {
    const { tiles } = arrange(wish('grid', { people: people(3, [1]) }));
    expect(tiles.map(keyOf)).toEqual(['screen:p1', 'camera:p0', 'camera:p1', 'camera:p2']);
    expect(tiles[0]).toMatchObject({ fit: 'contain', label: 'Person 1’s screen' });
  });

  it('says how many found no place', () => {
    const { tiles, more } = arrange(wish('grid', { people: people(40) }));
    expect(tiles).toHaveLength(24);
    expect(more?.count).toBe(16);
  });

  it('moves nobody when somebody in sight speaks', () => {
    const first = arrange(wish('grid', { people: people(40) }));
    const then = arrange(
      wish('grid', { people: people(40), seats: first.seats, recent: ['p7', 'p3'], speaker: 'p7' }),
    );
    expect(then.tiles).toEqual(first.tiles);
  });

  it('gives somebody out of sight who speaks one place, and leaves all others theirs', () => {
    const first = arrange(wish('grid', { people: people(40), recent: ['p2'] }));
    const then = arrange(wish('grid', { people: people(40), seats: first.seats, recent: ['p33', 'p2'] }));
    expect(then.seats).toContain('camera:p33');
    expect(then.seats.filter((key, index) => key !== first.seats[index])).toEqual(['camera:p33']);
  });
});

describe('one large', () => {
  it('is who the layout names, whom hosts want, who speaks, who came first', () => {
    const base = { people: people(5) };
    const large = (o: Partial<LayoutWish>) =>
      arrange(wish('speaker', { ...base, ...o })).tiles[0]?.participantId;
    expect(large({})).toBe('p0');
    expect(large({ speaker: 'p3' })).toBe('p3');
    expect(large({ speaker: 'p3', spotlight: ['p2'] })).toBe('p2');
    expect(large({ speaker: 'p3', spotlight: ['p2'], layout: { kind: 'speaker', focus: 'p4' } })).toBe('p4');
    expect(large({ speaker: 'p3', layout: { kind: 'speaker', focus: 'gone' } })).toBe('p3');
  });

  it('exchanges two when another speaks, and leaves the others in the strip', () => {
    const first = arrange(wish('speaker', { people: people(5), speaker: 'p0' }));
    const then = arrange(wish('speaker', { people: people(5), speaker: 'p2', seats: first.seats }));
    expect(first.seats).toEqual(['camera:p1', 'camera:p2', 'camera:p3', 'camera:p4']);
    expect(then.seats).toEqual(['camera:p1', 'camera:p0', 'camera:p3', 'camera:p4']);
  });

  it('is the shared screen, with who speaks in sight, and who speaks when nobody shares', () => {
    const shared = arrange(wish('screen', { people: people(12, [1]), speaker: 'p9', recent: ['p9'] }));
    expect(shared.tiles[0]).toMatchObject({
      participantId: 'p1',
      what: 'screen',
      role: 'stage',
      fit: 'contain',
    });
    expect(shared.seats).toContain('camera:p9');
    const none = arrange(wish('screen', { people: people(12), speaker: 'p9' }));
    expect(none.tiles[0]).toMatchObject({ participantId: 'p9', what: 'camera' });
  });

  it('is alone where the layout says so', () => {
    const { tiles, more } = arrange(wish('single', { people: people(4, [2]), speaker: 'p2' }));
    expect(tiles).toHaveLength(1);
    expect(more).toBeNull();
    expect(tiles[0]).toMatchObject({ participantId: 'p2', what: 'camera', ...HD });
  });
});

const person = fc.record({
  participantId: fc.integer({ min: 0, max: 60 }).map((n) => `p${n}`),
  displayName: fc.string(),
  camera: fc.boolean(),
  screen: fc.boolean(),
});
const id = fc.integer({ min: 0, max: 60 }).map((n) => `p${n}`);
const size = fc
  .record({ width: fc.integer({ min: 160, max: 960 }), height: fc.integer({ min: 90, max: 540 }) })
  .map(({ width, height }) => ({ width: width * 2, height: height * 2 }));
const anyWish: fc.Arbitrary<LayoutWish> = fc.record({
  people: fc.uniqueArray(person, { selector: ({ participantId }) => participantId, maxLength: 45 }),
  speaker: fc.option(id),
  recent: fc.uniqueArray(id, { maxLength: 24 }),
  spotlight: fc.uniqueArray(id, { maxLength: 2 }),
  layout: fc.record({ kind: fc.constantFrom(...LAYOUTS), focus: fc.option(id) }),
  size,
  seats: fc.uniqueArray(
    id.map((one) => `camera:${one}`),
    { maxLength: 30 },
  ),
});

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('every layout', () => {
  it('keeps all inside the picture, apart from one another, on even pixels', () => {
    fc.assert(
      fc.property(anyWish, (any) => {
        const { tiles, more } = arrange(any);
        const rects: Rect[] = more ? [...tiles, more] : [...tiles];
        for (const { x, y, width, height } of rects) {
          expect([x % 2, y % 2, width % 2, height % 2]).toEqual([0, 0, 0, 0]);
          expect(Math.min(x, y, width - 2, height - 2)).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(any.size.width);
          expect(y + height).toBeLessThanOrEqual(any.size.height);
        }
        rects.forEach((a, i) => rects.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBe(false)));
      }),
    );
  });

  it('shows everybody once or counts them', () => {
    fc.assert(
      fc.property(anyWish, (any) => {
        const { tiles, more } = arrange(any);
        const keys = tiles.map(keyOf);
        expect(new Set(keys).size).toBe(keys.length);
        if (any.layout.kind === 'single') {
          expect(keys.length).toBe(Math.min(1, any.people.length));
          return;
        }
        const all = any.people.length + any.people.filter(({ screen }) => screen).length;
        expect(keys.length + (more?.count ?? 0)).toBe(all);
        expect(keys.length).toBeLessThanOrEqual(MOST_TILES);
      }),
    );
  });

  it('has no tile of a grid that cannot be read', () => {
    fc.assert(
      fc.property(anyWish, (any) => {
        const { tiles } = arrange({ ...any, layout: { kind: 'grid', focus: null } });
        if (tiles.length < 2) return;
        for (const { width, height } of tiles)
          expect(width >= MIN_TILE.width && height >= MIN_TILE.height).toBe(true);
      }),
    );
  });

  it('is the same again when nothing has changed', () => {
    fc.assert(
      fc.property(anyWish, (any) => {
        const first = arrange(any);
        expect(arrange({ ...any, seats: first.seats })).toEqual(first);
      }),
    );
  });
});
