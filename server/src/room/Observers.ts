import type { RoomFact, RoomNow, RoomObserver } from './RoomEvents.ts';

/** Several who look on: each is told, whatever becomes of the others. */
export class Observers implements RoomObserver {
  readonly #all: RoomObserver[] = [];

  add(observer: RoomObserver): void {
    this.#all.push(observer);
  }

  /** Throws the first of what they throw, when all were told. */
  handleFact(room: RoomNow, fact: RoomFact): void {
    const errors: unknown[] = [];
    for (const observer of this.#all)
      try {
        observer.handleFact(room, fact);
      } catch (error) {
        errors.push(error);
      }
    if (errors.length > 0) throw errors[0];
  }
}
