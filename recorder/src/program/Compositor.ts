import type { Picture } from '../room/ProgramInput.ts';
import { yuvOfHex, type Yuv } from './colour.ts';
import { Frame, type Still } from './Frame.ts';
import type { Arrangement, Size, Tile } from './tiles.ts';
import { labelInset, Wardrobe, type Wearer } from './Wardrobe.ts';

/** A tile with everything that is seen in it. */
export interface Role {
  readonly tile: Tile;
  readonly wearer: Wearer;
  readonly speaking: boolean;
  /** undefined: a placeholder. */
  readonly picture: Picture | undefined;
}

export interface CompositorSettings extends Size {
  readonly background: string;
  readonly showNames: boolean;
}

/** What a tile looked like when it was painted last. */
interface Painted {
  still: Still;
  dress: string;
}

/** Paints the picture of a programme, tile by tile; what has not changed stays as it is. */
export class Compositor {
  readonly frame: Frame;
  readonly #settings: CompositorSettings;
  readonly #background: Yuv;
  readonly #wardrobe: Wardrobe;
  #arrangement: Arrangement | undefined;
  #painted: (Painted | undefined)[] = [];
  #title: string | undefined;

  constructor(settings: CompositorSettings) {
    this.#settings = settings;
    this.frame = new Frame(settings);
    this.#background = yuvOfHex(settings.background);
    this.#wardrobe = new Wardrobe(settings, settings.background);
    this.frame.fill({ x: 0, y: 0, ...this.#size }, this.#background);
  }

  /** @param roles one for each tile of the arrangement, in its order */
  paint(arrangement: Arrangement, roles: readonly Role[], title: string): Frame {
    if (arrangement !== this.#arrangement) this.#begin(arrangement);
    if (roles.length === 0) this.#paintEmpty(title);
    else this.#title = undefined;
    roles.forEach((role, index) => this.#paintTile(role, index));
    return this.frame;
  }

  get #size(): Size {
    return { width: this.frame.width, height: this.frame.height };
  }

  /** Another arrangement may leave any part of the picture free. */
  #begin(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    this.#painted = [];
    this.#title = undefined;
    this.frame.fill({ x: 0, y: 0, ...this.#size }, this.#background);
    const { more } = arrangement;
    if (!more) return;
    this.frame.draw(this.#wardrobe.more(more, more.count), more);
    this.#wardrobe.corners(more, more.radius).blend(this.frame, more.x, more.y);
  }

  #paintEmpty(title: string): void {
    if (this.#title === title) return;
    this.#title = title;
    this.frame.draw(this.#wardrobe.empty(title), { x: 0, y: 0, ...this.#size });
  }

  #paintTile(role: Role, index: number): void {
    const { tile, wearer, speaking } = role;
    const still = role.picture ?? this.#wardrobe.placeholder(tile, wearer);
    const dress = `${speaking} ${wearer.muted} ${tile.label}`;
    const before = this.#painted[index];
    if (before && before.still === still && before.dress === dress) return;
    this.frame.draw(still, tile);
    this.#dress(role);
    this.#painted[index] = { still, dress };
  }

  #dress({ tile, wearer, speaking }: Role): void {
    const { x, y, height, radius } = tile;
    if (this.#settings.showNames && tile.label !== '') {
      const label = this.#wardrobe.label(tile, wearer);
      const inset = labelInset(tile);
      label.blend(this.frame, x + inset, y + height - inset - label.height);
    }
    if (speaking) this.#wardrobe.ring(tile).blend(this.frame, x, y);
    if (radius > 0) this.#wardrobe.corners(tile, radius).blend(this.frame, x, y);
  }
}
