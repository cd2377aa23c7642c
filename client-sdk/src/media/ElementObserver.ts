/** What is known of how a video is shown. */
export interface Shown {
  visible: boolean;
  /** Device pixels. */
  width: number;
  height: number;
}

/** What changes on the page without a change of any element's size; the latter two bubble up from the element. */
const PAGE_EVENTS = ['visibilitychange', 'enterpictureinpicture', 'leavepictureinpicture'] as const;

/** Watches elements that show one publication, and tells the largest of them. */
export class ElementObserver {
  readonly #changed: (shown: Shown) => void;
  readonly #onScreen = new Map<HTMLElement, boolean>();
  readonly #resize: ResizeObserver | undefined;
  readonly #intersection: IntersectionObserver | undefined;
  readonly #update = (): void => this.#tell();

  constructor(changed: (shown: Shown) => void) {
    this.#changed = changed;
    if (typeof ResizeObserver === 'undefined') return;
    this.#resize = new ResizeObserver(this.#update);
    this.#intersection = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries)
        this.#onScreen.set(target as HTMLElement, isIntersecting);
      this.#tell();
    });
    for (const event of PAGE_EVENTS) document.addEventListener(event, this.#update);
  }

  add(element: HTMLElement): void {
    this.#onScreen.set(element, true);
    this.#resize?.observe(element);
    this.#intersection?.observe(element);
  }

  remove(element: HTMLElement): void {
    if (!this.#onScreen.delete(element)) return;
    this.#resize?.unobserve(element);
    this.#intersection?.unobserve(element);
    this.#tell();
  }

  close(): void {
    this.#resize?.disconnect();
    this.#intersection?.disconnect();
    if (!this.#resize) return;
    for (const event of PAGE_EVENTS) document.removeEventListener(event, this.#update);
  }

  #tell(): void {
    const pageVisible = document.visibilityState === 'visible';
    // A picture that floats above all windows is seen wherever the page is; its size is the window manager's affair.
    const floating = document.pictureInPictureElement;
    let shown: Shown = { visible: false, width: 0, height: 0 };
    for (const [element, onScreen] of this.#onScreen) {
      const { width, height } = element.getBoundingClientRect();
      const isSeen = element === floating || (pageVisible && onScreen);
      if (!isSeen || width === 0 || height === 0) continue;
      const scale = globalThis.devicePixelRatio || 1;
      if (height * scale > shown.height)
        shown = { visible: true, width: Math.round(width * scale), height: Math.round(height * scale) };
    }
    this.#changed(shown);
  }
}
