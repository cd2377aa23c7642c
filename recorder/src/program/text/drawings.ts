/** Everything in the picture that is not video, drawn as the app draws it. Sizes in pixels, even. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Rgba } from '../Overlay.ts';
import type { Size } from '../tiles.ts';
import { fontFamily } from './fonts.ts';
import { drawIcon, type Icon } from './icons.ts';
import { hueOf, initialsOf } from '@parley/protocol/initials';

/** Of the app in a meeting (client-sdk/app/src/styles/tokens.css, `.dark`). */
const COLOURS = {
  surface: '#161e1c',
  surface2: '#202a27',
  ink: '#edf3f0',
  inkSoft: '#a5b5af',
  inkFaint: '#84958f',
  accent: '#45d1ae',
  labelInk: '#f3f8f6',
  labelGround: 'rgb(8 13 12 / 66%)',
  muted: '#ff9d94',
};

export interface LabelWish {
  readonly text: string;
  readonly icon: Icon | null;
  /** Pixels of the letters. */
  readonly fontSize: number;
  /** How much room there is. */
  readonly maxWidth: number;
}

/** A name in a pill. */
export function drawLabel({ text, icon, fontSize, maxWidth }: LabelWish): Rgba {
  const height = evenUp(fontSize * 2);
  const [pad, gap, iconSize] = [fontSize * 0.7, fontSize * 0.45, icon ? fontSize * 1.08 : 0];
  const font = `600 ${fontSize}px ${fontFamily()}`;
  const before = pad + (icon ? iconSize + gap : 0);
  const shown = shorten(text, { font, width: maxWidth - before - pad });
  const width = Math.min(evenUp(before + measure(shown, font) + pad), 2 * Math.floor(maxWidth / 2));
  return draw({ width, height }, (context) => {
    context.fillStyle = COLOURS.labelGround;
    context.beginPath();
    context.roundRect(0, 0, width, height, height / 2);
    context.fill();
    if (icon) {
      const colour = icon === 'muted' ? COLOURS.muted : COLOURS.labelInk;
      drawIcon(context, icon, { x: pad, y: (height - iconSize) / 2, size: iconSize, colour });
    }
    context.fillStyle = COLOURS.labelInk;
    context.font = font;
    context.textBaseline = 'alphabetic';
    context.fillText(shown, before, height / 2 + fontSize * 0.35);
  });
}

export interface PlaceholderWish extends Size {
  readonly displayName: string;
  readonly identity: string;
  readonly what: 'camera' | 'screen';
}

/** In the stead of a video: initials in a circle, or the sign of a screen. */
export function drawPlaceholder({ width, height, ...who }: PlaceholderWish): Rgba {
  return draw({ width, height }, (context) => {
    drawGround(context, { width, height });
    const size = Math.round(Math.min(height * 0.42, width * 0.42, 460));
    const [x, y] = [width / 2, height / 2];
    if (who.what === 'screen') {
      const box = { x: x - size / 4, y: y - size / 4, size: size / 2, colour: COLOURS.inkFaint };
      drawIcon(context, 'screen', box);
      return;
    }
    const hue = hueOf(who.identity);
    context.fillStyle = `hsl(${hue}, 34%, 34%)`;
    context.beginPath();
    context.arc(x, y, size / 2, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = `hsl(${hue}, 60%, 93%)`;
    context.font = `600 ${Math.round(size * 0.38)}px ${fontFamily()}`;
    centreText(context, initialsOf(who.displayName), { x, y });
  });
}

/** How many found no place. */
export function drawMore(size: Size, count: number): Rgba {
  return draw(size, (context) => {
    drawGround(context, size);
    context.fillStyle = COLOURS.inkSoft;
    context.font = `600 ${Math.round(size.height * 0.26)}px ${fontFamily()}`;
    centreText(context, `+${count}`, { x: size.width / 2, y: size.height / 2 });
  });
}

/** What is shown while nobody is there. */
export function drawEmpty(size: Size, o: { title: string; background: string }): Rgba {
  return draw(size, (context) => {
    context.fillStyle = o.background;
    context.fillRect(0, 0, size.width, size.height);
    const fontSize = Math.round(size.height / 18);
    const font = `600 ${fontSize}px ${fontFamily()}`;
    const x = size.width / 2;
    context.fillStyle = COLOURS.ink;
    context.font = font;
    const title = shorten(o.title, { font, width: size.width * 0.8 });
    centreText(context, title, { x, y: size.height / 2 - fontSize * 0.7 });
    context.fillStyle = COLOURS.inkFaint;
    context.font = `500 ${Math.round(fontSize * 0.5)}px ${fontFamily()}`;
    centreText(context, 'Nobody is here at the moment', { x, y: size.height / 2 + fontSize * 0.6 });
  });
}

/** Covers the corners of a tile, so that it looks rounded. */
export function drawCorners(size: Size, o: { radius: number; background: string }): Rgba {
  return draw(size, (context) => {
    context.fillStyle = o.background;
    context.beginPath();
    context.rect(0, 0, size.width, size.height);
    context.roundRect(0, 0, size.width, size.height, o.radius);
    context.fill('evenodd');
  });
}

/** Around somebody who speaks. */
export function drawRing(size: Size, o: { radius: number; thickness: number }): Rgba {
  const { radius, thickness } = o;
  return draw(size, (context) => {
    context.fillStyle = COLOURS.accent;
    context.beginPath();
    context.roundRect(0, 0, size.width, size.height, radius);
    const [width, height] = [size.width - 2 * thickness, size.height - 2 * thickness];
    context.roundRect(thickness, thickness, width, height, Math.max(0, radius - thickness));
    context.fill('evenodd');
  });
}

function drawGround(context: SKRSContext2D, { width, height }: Size): void {
  const reach = Math.hypot(width, height) * 0.6;
  const [x, y] = [width / 2, height * 0.4];
  const gradient = context.createRadialGradient(x, y, 0, x, y, reach);
  gradient.addColorStop(0, COLOURS.surface2);
  gradient.addColorStop(1, COLOURS.surface);
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
}

function draw(size: Size, paint: (context: SKRSContext2D) => void): Rgba {
  const context = createCanvas(size.width, size.height).getContext('2d');
  paint(context);
  const { data } = context.getImageData(0, 0, size.width, size.height);
  return { ...size, data };
}

/** In the middle of its own height, whatever letters it has. */
function centreText(context: SKRSContext2D, text: string, { x, y }: { x: number; y: number }): void {
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = context.measureText(text);
  context.fillText(text, x, y + (up - down) / 2);
}

/** Cuts whole characters from its end until it fits. */
function shorten(text: string, { font, width }: { font: string; width: number }): string {
  if (measure(text, font) <= width) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  while (characters.length > 1) {
    characters.pop();
    const shown = `${characters.join('').trimEnd()}…`;
    if (measure(shown, font) <= width) return shown;
  }
  return '…';
}

const scratch = createCanvas(2, 2).getContext('2d');

function measure(text: string, font: string): number {
  scratch.font = font;
  return scratch.measureText(text).width;
}

function evenUp(value: number): number {
  return 2 * Math.ceil(value / 2);
}
