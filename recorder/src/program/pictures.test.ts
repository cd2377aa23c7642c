/** What the picture looks like. With PARLEY_PICTURES=folder the pictures are also written there, for eyes. */
import { createCanvas } from '@napi-rs/canvas';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PictureLayout } from '@parley/protocol';
import { SyntheticRoom, type PersonWish } from '../testing/SyntheticRoom.ts';
import { Arranger } from './Arranger.ts';
import { yuvOfHex } from './colour.ts';
import { Compositor, type Role } from './Compositor.ts';
import type { Frame } from './Frame.ts';
import type { Size } from './tiles.ts';

const NAMES = [
  'Ada Lovelace',
  'Grace Hopper',
  'Ольга Ладыженская',
  'Ἀρχιμήδης',
  'Łukasz Żółw',
  'Nguyễn Thị Định',
];
const COLOURS = ['#7a4a2b', '#2b5a7a', '#5a7a2b', '#7a2b5a', '#3a3a6a', '#806030'];
const BACKGROUND = '#0d1312';

function people(count: number, o: { cameras?: (index: number) => boolean } = {}): PersonWish[] {
  return Array.from({ length: count }, (_, i) => ({
    name: NAMES[i] ?? `Person ${i + 1}`,
    frequency: 440,
    ...(o.cameras?.(i) === false ? {} : { colour: COLOURS[i % COLOURS.length] ?? '#444444' }),
  }));
}

interface Wish {
  people: PersonWish[];
  layout: PictureLayout['kind'];
  speaks?: string;
  muted?: string[];
  size?: Size;
}

function paint(name: string, wish: Wish): { frame: Frame; roles: Role[]; microseconds: number } {
  const size = wish.size ?? { width: 1280, height: 720 };
  const room = new SyntheticRoom();
  room.join(...wish.people);
  for (const one of wish.muted ?? []) Object.assign(room.person(one).microphone ?? {}, { muted: true });
  if (wish.speaks) room.speak(wish.speaks);
  const arrangement = new Arranger(size, { kind: wish.layout, focus: null }).arrange(room, 0);
  const roles = arrangement.tiles.map((tile): Role => {
    const person = room.participants.find(({ participantId }) => participantId === tile.participantId);
    const video = person?.[tile.what];
    video?.show(tile);
    video?.send(0);
    return {
      tile,
      wearer: {
        identity: person?.identity ?? '',
        displayName: person?.displayName ?? '',
        muted: person?.microphone?.muted ?? true,
      },
      speaking: tile.what === 'camera' && tile.participantId === room.dominant,
      picture: video?.picture,
    };
  });
  const compositor = new Compositor({ ...size, background: BACKGROUND, showNames: true });
  const frame = compositor.paint(arrangement, roles, room.title);
  dump(name, frame);
  return { frame, roles, microseconds: 0 };
}

function dump(name: string, { width, height, data, u, v }: Frame): void {
  const folder = process.env['PARLEY_PICTURES'];
  if (!folder) return;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const half = (y >> 1) * (width >> 1) + (x >> 1);
      const luma = ((data[y * width + x] ?? 0) - 16) / 219;
      const [cb, cr] = [((data[u + half] ?? 0) - 128) / 224, ((data[v + half] ?? 0) - 128) / 224];
      const rgb = [luma + 1.5748 * cr, luma - 0.1873 * cb - 0.4681 * cr, luma + 1.8556 * cb];
      rgb.forEach((value, i) => (image.data[4 * (y * width + x) + i] = Math.round(255 * value)));
      image.data[4 * (y * width + x) + 3] = 255;
    }
  context.putImageData(image, 0, 0);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), canvas.toBuffer('image/png'));
}

function colourAt({ data, width, u, v }: Frame, x: number, y: number) {
  const half = (y >> 1) * (width >> 1) + (x >> 1);
  return { y: data[y * width + x], u: data[u + half], v: data[v + half] };
}

describe('the picture', () => {
  it.each([1, 2, 3, 4, 5, 7, 9, 12, 25, 40])('of a grid of %i shows everybody where they stand', (count) => {
    const cameras = (index: number) => index % 4 !== 3;
    const { frame, roles } = paint(`grid-${count}`, {
      people: people(count, { cameras }),
      layout: 'grid',
      speaks: 'Ada Lovelace',
      muted: count > 1 ? ['Grace Hopper'] : [],
    });
    for (const { tile, picture } of roles) {
      if (!picture) continue;
      const index =
        NAMES.indexOf(tile.label) === -1 ? Number(tile.label.slice(7)) - 1 : NAMES.indexOf(tile.label);
      const centre = colourAt(frame, tile.x + tile.width / 2, tile.y + tile.height / 2);
      expect(centre).toEqual(yuvOfHex(COLOURS[index % COLOURS.length] ?? ''));
    }
  });

  it.each(['speaker', 'screen', 'single'] as const)('of layout %s has one large', (layout) => {
    const everybody = people(9, { cameras: (index) => index !== 2 });
    everybody[1] = { ...everybody[1], name: 'Grace Hopper', screen: '#e0e0e0' };
    const { roles } = paint(`layout-${layout}`, { people: everybody, layout, speaks: 'Łukasz Żółw' });
    const [stage] = roles;
    expect(stage?.tile.role).toBe('stage');
    expect(stage?.tile.label).toBe(layout === 'screen' ? 'Grace Hopper’s screen' : 'Łukasz Żółw');
  });

  it('rounds the corners of tiles and rings who speaks', () => {
    const { frame, roles } = paint('corners', { people: people(2), layout: 'grid', speaks: 'Ada Lovelace' });
    const [ada, grace] = roles;
    if (!ada || !grace) throw new Error('There are two.');
    expect(colourAt(frame, ada.tile.x, ada.tile.y)).toEqual(yuvOfHex(BACKGROUND));
    expect(colourAt(frame, ada.tile.x + 300, ada.tile.y)).toEqual(yuvOfHex('#45d1ae'));
    expect(colourAt(frame, grace.tile.x + 300, grace.tile.y)).toEqual(yuvOfHex(COLOURS[1] ?? ''));
  });

  it('says so when nobody is there, in every size', () => {
    paint('empty', { people: [], layout: 'grid' });
    paint('small', { people: people(4), layout: 'grid', size: { width: 320, height: 180 } });
    paint('tall', { people: people(9), layout: 'speaker', size: { width: 720, height: 1280 } });
    const { frame } = paint('large', {
      people: people(6),
      layout: 'speaker',
      size: { width: 1920, height: 1080 },
    });
    expect(frame.data.byteLength).toBe(1920 * 1080 * 1.5);
  });
});
