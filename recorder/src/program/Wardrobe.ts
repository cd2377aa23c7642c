import { Overlay, stillOf, type Rgba } from './Overlay.ts';
import type { Still } from './Frame.ts';
import * as drawings from './text/drawings.ts';
import type { Size, Tile } from './tiles.ts';

/** Kept drawings; those not used for longest go first. */
const MOST = 300;

/** Who stands in a tile, as far as it is drawn. */
export interface Wearer {
  readonly identity: string;
  readonly displayName: string;
  readonly muted: boolean;
}

/** Everything that is drawn around and over video, each made once and kept. */
export class Wardrobe {
  readonly #picture: Size;
  readonly #background: string;
  readonly #overlays = new Kept<Overlay>();
  readonly #stills = new Kept<Still>();

  constructor(picture: Size, background: string) {
    this.#picture = picture;
    this.#background = background;
  }

  placeholder({ width, height, what }: Tile, { identity, displayName }: Wearer): Still {
    return this.#still(`placeholder ${what} ${width} ${height} ${identity} ${displayName}`, () =>
      drawings.drawPlaceholder({ width, height, what, identity, displayName }),
    );
  }

  more({ width, height }: Size, count: number): Still {
    return this.#still(`more ${width} ${height} ${count}`, () => drawings.drawMore({ width, height }, count));
  }

  empty(title: string): Still {
    const background = this.#background;
    return this.#still(`empty ${title}`, () => drawings.drawEmpty(this.#picture, { title, background }));
  }

  corners({ width, height }: Size, radius: number): Overlay {
    const background = this.#background;
    return this.#overlay(`corners ${width} ${height} ${radius}`, () =>
      drawings.drawCorners({ width, height }, { radius, background }),
    );
  }

  ring({ width, height, radius }: Tile): Overlay {
    const thickness = Math.max(2, Math.round(this.#picture.height / 240));
    return this.#overlay(`ring ${width} ${height} ${radius}`, () =>
      drawings.drawRing({ width, height }, { radius, thickness }),
    );
  }

  label(tile: Tile, { muted }: Wearer): Overlay {
    const icon = tile.what === 'screen' ? 'screen' : muted ? 'muted' : null;
    const fontSize = this.#fontSize(tile);
    const maxWidth = tile.width - 2 * labelInset(tile);
    return this.#overlay(`label ${tile.label} ${icon} ${fontSize} ${maxWidth}`, () =>
      drawings.drawLabel({ text: tile.label, icon, fontSize, maxWidth }),
    );
  }

  /** As in the app at 720 lines, and never too small to be read. */
  #fontSize({ role, height }: Tile): number {
    const scale = this.#picture.height / 720;
    const small = role === 'strip' || height < this.#picture.height / 4;
    return Math.max(10, Math.round((small ? 13 : 16) * scale));
  }

  #overlay(key: string, draw: () => Rgba): Overlay {
    return this.#overlays.get(key, () => new Overlay(draw()));
  }

  #still(key: string, draw: () => Rgba): Still {
    return this.#stills.get(key, () => stillOf(draw()));
  }
}

/** Between a label and the edge of its tile; even. */
export function labelInset({ height }: Size): number {
  return Math.max(4, 2 * Math.round(height / 64 / 2) + 2);
}

class Kept<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string, make: () => Value): Value {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > MOST && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
