interface Waiting<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: Error): void;
}

/** A place for something that comes and goes. Whoever wants it while it is not there waits for it. */
export class Slot<T> {
  #current: T | undefined;
  #waiting: Waiting<T> | undefined;
  #closed: Error | undefined;

  /** What is there now, if anything. */
  get current(): T | undefined {
    return this.#current;
  }

  /** What is there, or comes next. Rejects once the slot is closed. */
  get(): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (this.#current !== undefined) return Promise.resolve(this.#current);
    this.#waiting ??= newWaiting<T>();
    return this.#waiting.promise;
  }

  put(value: T): void {
    this.#current = value;
    this.#waiting?.resolve(value);
    this.#waiting = undefined;
  }

  take(): T | undefined {
    const taken = this.#current;
    this.#current = undefined;
    return taken;
  }

  /** Nothing comes any more. */
  close(reason: Error): void {
    this.#closed ??= reason;
    this.#current = undefined;
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }
}

// NOTE: Promise.withResolvers is younger than the oldest browsers and JavaScript engines that are supported.
function newWaiting<T>(): Waiting<T> {
  let settle: Pick<Waiting<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (!settle) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}
