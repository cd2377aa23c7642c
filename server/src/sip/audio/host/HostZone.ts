import type { ZoneSound, ZoneTalker } from '../engine.ts';
import type { WorkerHandle } from './WorkerHandle.ts';

/** A zone, as the engine sees it. */
export class HostZone implements ZoneSound {
  readonly zoneId: string;
  readonly worker: WorkerHandle;
  readonly receiveAt: { readonly ip: string; readonly port: number };
  readonly #onClosed: () => void;
  readonly #stopWatching: () => void;
  readonly #onLost: (() => void)[] = [];
  #closed = false;

  constructor(
    zoneId: string,
    {
      worker,
      receiveAt,
      onClosed,
    }: { worker: WorkerHandle; receiveAt: { ip: string; port: number }; onClosed: () => void },
  ) {
    this.zoneId = zoneId;
    this.worker = worker;
    this.receiveAt = receiveAt;
    this.#onClosed = onClosed;
    this.#stopWatching = worker.onLost(() => this.#lose());
  }

  setTalkers(talkers: readonly ZoneTalker[]): void {
    this.worker.tell({ kind: 'setTalkers', zoneId: this.zoneId, talkers });
  }

  setSource(from: { readonly ip: string; readonly port: number }): void {
    this.worker.tell({ kind: 'setSource', zoneId: this.zoneId, from });
  }

  onLost(listener: () => void): void {
    this.#onLost.push(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.worker.tell({ kind: 'closeZone', zoneId: this.zoneId });
    this.#onClosed();
  }

  #lose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed();
    for (const listener of this.#onLost) listener();
  }
}
