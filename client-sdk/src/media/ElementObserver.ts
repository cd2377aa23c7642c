/** What is known of how a video is shown. */
export interface Shown {
  visible: boolean;
  /** Device pixels. */
  width: number;
  height: number;
}

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
    document.addEventListener('visibilitychange', this.#update);
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
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', this.#update);
  }

  #tell(): void {
    const pageVisible = document.visibilityState === 'visible';
    let shown: Shown = { visible: false, width: 0, height: 0 };
    for (const [element, onScreen] of this.#onScreen) {
      const { width, height } = element.getBoundingClientRect();
      if (!pageVisible || !onScreen || width === 0 || height === 0) continue;
      const scale = globalThis.devicePixelRatio || 1;
      if (height * scale > shown.height)
        shown = { visible: true, width: Math.round(width * scale), height: Math.round(height * scale) };
    }
    this.#changed(shown);
  }
}
