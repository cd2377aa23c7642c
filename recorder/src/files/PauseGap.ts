import type { Fragment, MediaTrack } from './types.ts';

/**
 * By how much fragments are to be moved so that no paused time is in the file. Picture and sound are moved by the same
 * time, and none of them overlaps what it had before the pause; the other may then have a gap of less than one sample.
 */
export class PauseGap {
  readonly #timescales: ReadonlyMap<number, number>;
  readonly #ends = new Map<number, number>();
  #shiftMs = 0;
  #isPaused = false;

  constructor(tracks: readonly MediaTrack[]) {
    this.#timescales = new Map(tracks.map(({ trackId, timescale }) => [trackId, timescale]));
  }

  /** What comes from now on is left out, until a fragment is asked for. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Milliseconds to add to the times of this fragment, which is to be in the file. */
  shiftFor(fragment: Fragment): number {
    if (this.#isPaused) this.#shiftMs = this.#closing(fragment);
    this.#isPaused = false;
    for (const { trackId, decodeTime, duration } of fragment.tracks)
      this.#ends.set(trackId, this.#ms(trackId, decodeTime + duration) + this.#shiftMs);
    return this.#shiftMs;
  }

  #closing(fragment: Fragment): number {
    const shifts = fragment.tracks.map(
      ({ trackId, decodeTime }) => (this.#ends.get(trackId) ?? 0) - this.#ms(trackId, decodeTime),
    );
    return shifts.length > 0 ? Math.max(...shifts) : this.#shiftMs;
  }

  #ms(trackId: number, units: number): number {
    return (units * 1000) / (this.#timescales.get(trackId) ?? 1);
  }
}
