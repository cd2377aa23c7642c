/** Somebody waits until something has changed. */
export class Gate {
  #waiting: (() => void)[] = [];

  open(): void {
    for (const pass of this.#waiting.splice(0)) pass();
  }

  /** @returns whether it was so within `patience` ms, each time it did not change */
  async until(isSo: () => boolean, patience: number): Promise<boolean> {
    while (!isSo()) if (!(await this.#next(patience)) && !isSo()) return false;
    return true;
  }

  #next(patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patience);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}
