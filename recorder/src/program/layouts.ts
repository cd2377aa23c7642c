/** Where everybody stands in the picture of a programme. Pure functions: the same wish gives the same picture. */
import type { PictureLayout } from '@parley/protocol';
import { even, gridCapacity, gridRects, isReadable, MIN_TILE, type Space } from './grid.ts';
import { assignSeats } from './seats.ts';
import {
  keyOf,
  type Arrangement,
  type Person,
  type Rect,
  type Size,
  type Subject,
  type Tile,
} from './tiles.ts';

export const MOST_TILES = 25;

export interface LayoutWish {
  /** In the order in which they came. */
  readonly people: readonly Person[];
  /** participantId of who has the floor, after hysteresis. */
  readonly speaker: string | null;
  /** participantIds of those who spoke last, newest first. */
  readonly recent: readonly string[];
  /** participantIds whom hosts want large. */
  readonly spotlight: readonly string[];
  readonly layout: PictureLayout;
  readonly size: Size;
  /** Keys of the tiles as they stood before, the stage left out: nobody moves without need. */
  readonly seats: readonly string[];
}

export interface LayoutResult extends Arrangement {
  /** For the next wish. */
  readonly seats: readonly string[];
}

export function arrange(wish: LayoutWish): LayoutResult {
  if (wish.people.length === 0) return { tiles: [], more: null, seats: [] };
  switch (wish.layout.kind) {
    case 'grid':
      return arrangeGrid(wish);
    case 'speaker':
      return arrangeStage(wish, { participantId: leadOf(wish), what: 'camera' });
    case 'screen':
      return arrangeStage(wish, screenOf(wish) ?? { participantId: leadOf(wish), what: 'camera' });
    case 'single':
      return arrangeSingle(wish);
  }
}

function arrangeGrid(wish: LayoutWish): LayoutResult {
  const subjects = subjectsOf(wish.people);
  const space = spaceOf(wish.size);
  const places = gridCapacity(space, MOST_TILES);
  if (subjects.length === 1) return fill(wish, subjects[0]);
  const rectsOf = (count: number) => gridRects(isReadable(count, space) ? count : places, space);
  return seatAll(wish, { subjects, role: 'grid', rectsOf, places });
}

function arrangeStage(wish: LayoutWish, stage: Subject): LayoutResult {
  const others = subjectsOf(wish.people).filter((subject) => keyOf(subject) !== keyOf(stage));
  if (others.length === 0) return fill(wish, stage);
  const { stageRect, slots } = cutStrip(wish.size);
  const large = tileOf(wish, { subject: stage, rect: stageRect, role: 'stage' });
  const strip = seatAll(wish, {
    subjects: stage.what === 'screen' ? speakerFirst(others, leadOf(wish)) : others,
    role: 'strip',
    rectsOf: (count) => centred(slots.slice(0, count), wish.size),
    places: slots.length,
  });
  return { tiles: [large, ...strip.tiles], more: strip.more, seats: strip.seats };
}

function arrangeSingle(wish: LayoutWish): LayoutResult {
  const participantId = leadOf(wish);
  const person = wish.people.find((one) => one.participantId === participantId);
  const what = person !== undefined && !person.camera && person.screen ? 'screen' : 'camera';
  return fill(wish, { participantId, what });
}

interface Seating {
  subjects: readonly Subject[];
  role: 'grid' | 'strip';
  rectsOf: (count: number) => Rect[];
  places: number;
}

function seatAll(wish: LayoutWish, { subjects, role, rectsOf, places }: Seating): LayoutResult {
  const fits = subjects.length <= places;
  const shown = fits ? subjects.length : places - 1;
  const rects = rectsOf(fits ? shown : places);
  const byKey = new Map(subjects.map((subject) => [keyOf(subject), subject]));
  // Screens come first, and are what one must not miss: they count as those who spoke last.
  const screens = [...byKey.keys()].filter((key) => key.startsWith('screen:'));
  const speakers = wish.recent.map((participantId) => keyOf({ participantId, what: 'camera' }));
  const recent = [...screens, ...speakers];
  const seats = assignSeats({
    before: seatsOf(wish, subjects),
    keys: [...byKey.keys()],
    recent,
    places: shown,
  });
  const tiles = seats.flatMap((key, index) => {
    const [subject, rect] = [byKey.get(key), rects[index]];
    return subject && rect ? [tileOf(wish, { subject, rect, role })] : [];
  });
  const last = rects[shown];
  const count = subjects.length - shown;
  const more = fits || !last ? null : { ...last, count, radius: radiusOf(wish.size, role) };
  return { tiles, more, seats };
}

/** While all find place the order is the natural one: who comes and goes moves others anyway. */
function seatsOf(wish: LayoutWish, subjects: readonly Subject[]): readonly string[] {
  const keys = new Set(subjects.map(keyOf));
  const staying = wish.seats.filter((key) => keys.has(key));
  return staying.length === 0 ? [] : wish.seats;
}

function speakerFirst(subjects: readonly Subject[], speaker: string): Subject[] {
  const isSpeaker = ({ participantId, what }: Subject) => what === 'camera' && participantId === speaker;
  return [...subjects.filter(isSpeaker), ...subjects.filter((subject) => !isSpeaker(subject))];
}

function fill(wish: LayoutWish, subject: Subject | undefined): LayoutResult {
  if (subject === undefined) return { tiles: [], more: null, seats: [] };
  const rect = { x: 0, y: 0, ...wish.size };
  return { tiles: [{ ...tileOf(wish, { subject, rect, role: 'stage' }), radius: 0 }], more: null, seats: [] };
}

/** Who is large: whom the layout names, whom hosts want, who speaks, who came first. */
function leadOf({ people, layout, spotlight, speaker }: LayoutWish): string {
  const here = new Set(people.map(({ participantId }) => participantId));
  const wanted = [layout.focus, ...spotlight, speaker, people[0]?.participantId];
  return wanted.find((one): one is string => typeof one === 'string' && here.has(one)) ?? '';
}

/** The screen to show: of whom the layout names, else of who speaks, else the one shared last. */
function screenOf(wish: LayoutWish): Subject | undefined {
  const sharing = wish.people.filter(({ screen }) => screen).map(({ participantId }) => participantId);
  const wanted = [wish.layout.focus, wish.speaker, sharing.at(-1)];
  const participantId = wanted.find((one): one is string => typeof one === 'string' && sharing.includes(one));
  return participantId === undefined ? undefined : { participantId, what: 'screen' };
}

function subjectsOf(people: readonly Person[]): Subject[] {
  const screens = people.filter(({ screen }) => screen);
  return [
    ...screens.map(({ participantId }): Subject => ({ participantId, what: 'screen' })),
    ...people.map(({ participantId }): Subject => ({ participantId, what: 'camera' })),
  ];
}

function tileOf(wish: LayoutWish, o: { subject: Subject; rect: Rect; role: Tile['role'] }): Tile {
  const { participantId, what } = o.subject;
  const person = wish.people.find((one) => one.participantId === participantId);
  const name = person?.displayName ?? '';
  return {
    participantId,
    what,
    ...o.rect,
    fit: what === 'screen' ? 'contain' : 'cover',
    label: what === 'screen' ? `${name}’s screen` : name,
    radius: radiusOf(wish.size, o.role),
    role: o.role,
  };
}

/** Gaps and corners grow with the picture: as in the app at 720 lines. */
function gapOf({ height }: Size): number {
  return Math.max(4, even(height / 72));
}

function radiusOf({ height }: Size, role: Tile['role']): number {
  return Math.max(4, Math.round(height / (role === 'strip' ? 60 : 45)));
}

function spaceOf(size: Size): Space {
  const gap = gapOf(size);
  return { x: gap, y: gap, width: size.width - 2 * gap, height: size.height - 2 * gap, gap };
}

const STRIP_SHARE = 0.18;

/** The strip stands on the right of a wide picture and at the bottom of a tall one. */
function cutStrip(size: Size): { stageRect: Rect; slots: Rect[] } {
  const { x, y, width, height, gap } = spaceOf(size);
  if (size.width >= size.height) {
    const half = ((height - gap) / 2) * (16 / 9);
    const tile = stripTile(Math.min(half, Math.max(MIN_TILE.width, width * STRIP_SHARE)));
    const left = x + width - tile.width;
    const count = Math.max(2, Math.floor((height + gap) / (tile.height + gap)));
    const slots = rowOf(count, (i) => ({ x: left, y: y + i * (tile.height + gap), ...tile }));
    return { stageRect: { x, y, width: even(left - gap - x), height: even(height) }, slots };
  }
  const abreast = Math.max(2, Math.min(4, Math.floor((width + gap) / (MIN_TILE.width + gap))));
  const tile = stripTile((width - (abreast - 1) * gap) / abreast);
  const top = y + even(height - tile.height);
  const slots = rowOf(abreast, (i) => ({ x: x + i * (tile.width + gap), y: top, ...tile }));
  return { stageRect: { x, y, width: even(width), height: even(top - gap - y) }, slots };
}

function stripTile(width: number): Size {
  return { width: even(width), height: even((width * 9) / 16) };
}

function rowOf(count: number, place: (index: number) => Rect): Rect[] {
  return Array.from({ length: count }, (_, index) => place(index));
}

/** Few tiles of a strip stand in its middle. */
function centred(slots: readonly Rect[], size: Size): Rect[] {
  const [first, last] = [slots[0], slots.at(-1)];
  if (!first || !last) return [];
  const wide = size.width >= size.height;
  const dx = wide ? 0 : even((size.width - (first.x + last.x + last.width)) / 2);
  const dy = wide ? even((size.height - (first.y + last.y + last.height)) / 2) : 0;
  return slots.map((slot) => ({ ...slot, x: slot.x + dx, y: slot.y + dy }));
}
