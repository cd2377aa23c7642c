/** Where a new media room goes, and when a dead worker is replaced. */

export interface WorkerLoad {
  rooms: number;
  transports: number;
  consumers: number;
  /** False when the worker has owed an answer for suspiciously long. */
  responsive: boolean;
}

/** A worker's work grows with what it forwards; a room without people counts for the people it waits for. */
const weightOf = ({ rooms, transports, consumers }: WorkerLoad): number => rooms + transports + consumers;

/** The least loaded of the workers that answer, or of all when none does. Undefined when there are none. */
export function chooseWorker<W extends { readonly load: WorkerLoad }>(workers: readonly W[]): W | undefined {
  const responsive = workers.filter(({ load }) => load.responsive);
  const candidates = responsive.length > 0 ? responsive : workers;
  return candidates.reduce<W | undefined>(
    (best, worker) => (best && weightOf(best.load) <= weightOf(worker.load) ? best : worker),
    undefined,
  );
}

export const DEATH_WINDOW_MS = 60_000;
const FREE_DEATHS = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/**
 * How long to wait before a dead worker is replaced, in ms. Three deaths within a minute are met at once; after that
 * something is wrong that haste does not mend.
 */
export function respawnDelay(deathsInWindow: number): number {
  if (deathsInWindow <= FREE_DEATHS) return 0;
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (deathsInWindow - FREE_DEATHS - 1));
}
