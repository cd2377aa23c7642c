/** The words in which layouts speak. All lengths in pixels of the programme's picture. */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where one camera or screen stands. Coordinates and sizes are even, since chroma has half of them (yuv420p). */
export interface Tile extends Rect {
  readonly participantId: string;
  readonly what: 'camera' | 'screen';
  readonly fit: 'contain' | 'cover';
  /** What its label says; empty where none is wanted. */
  readonly label: string;
  /** Of its corners; 0 where it fills the picture. */
  readonly radius: number;
  /** `stage` is the large one. */
  readonly role: 'grid' | 'stage' | 'strip';
}

export interface Arrangement {
  readonly tiles: readonly Tile[];
  /** Says how many found no place; null when all are in sight. */
  readonly more: (Rect & { readonly count: number; readonly radius: number }) | null;
}

/** Somebody as layouts see them. */
export interface Person {
  readonly participantId: string;
  readonly displayName: string;
  /** Whether a camera is on. Who has none is shown by a placeholder. */
  readonly camera: boolean;
  readonly screen: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One camera or screen among all. */
export interface Subject {
  readonly participantId: string;
  readonly what: 'camera' | 'screen';
}

export function keyOf({ participantId, what }: Subject): string {
  return `${what}:${participantId}`;
}
