import type { Picture, VideoInput } from '../room/ProgramInput.ts';

/** More are not kept, whatever the delay. */
const MOST = 16;

/**
 * The pictures of one video, each shown at its time: as long after it was taken as the sound is, so that lips and words fit.
 * What comes later than that is shown at once.
 */
export class PictureQueue {
  readonly video: VideoInput;
  readonly #delay: number;
  #waiting: Picture[] = [];
  #shown: Picture | undefined;

  /** @param delay ms from when a picture was taken until it is shown */
  constructor(video: VideoInput, delay: number) {
    this.video = video;
    this.#delay = delay;
    this.#shown = video.picture;
    video.on('picture', this.#take);
  }

  /** What is to be seen at `now`; undefined while nothing has come or nothing is sent. */
  at(now: number): Picture | undefined {
    if (this.video.muted) {
      this.#waiting = [];
      this.#shown = undefined;
      return undefined;
    }
    while (this.#waiting[0] && this.#waiting[0].capturedAt + this.#delay <= now)
      this.#shown = this.#waiting.shift();
    return this.#shown;
  }

  close(): void {
    this.video.off('picture', this.#take);
    this.video.show(null);
  }

  readonly #take = (picture: Picture): void => {
    const last = this.#waiting.at(-1);
    // A clock that was set right must not keep pictures waiting behind one of the future.
    if (last && last.capturedAt > picture.capturedAt) this.#waiting = [];
    this.#waiting.push(picture);
    if (this.#waiting.length > MOST) this.#shown = this.#waiting.shift();
  };
}
