import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveStream } from '@parley/protocol';
import type { LivePages } from '../live/LivePages.ts';
import type { Logger } from '../observability/logger.ts';
import type { LiveAction, LiveWish, RecordedRoom, Streaming } from '../room/ports.ts';
import { LiveJob, PAGE_TIMES } from './LiveJob.ts';
import type { Program } from './Program.ts';

/** How long what was streamed can be watched to its end, ms. */
const AFTERGLOW_MS = 60_000;

export interface LiveStreamsOptions {
  pages: LivePages;
  /** Where the files of pages lie while they can be watched. */
  folder: string;
  /** Seconds that viewers can go back. */
  windowSeconds: number;
  allowPrivateTargets: boolean;
  /** The program of the main room, shared with its recording. Throws as Streaming.begin does. */
  programFor(room: RecordedRoom, wish: LiveWish): Program;
  explain(error: unknown): never;
  logger: Logger;
}

interface Running {
  job: LiveJob;
  room: RecordedRoom;
}

/** What is streamed at the moment, of all rooms: at most one stream of each. */
export class LiveStreams implements Streaming {
  readonly #options: LiveStreamsOptions;
  readonly #running = new Map<string, Running>();
  readonly #afterglow = new Map<LiveJob, NodeJS.Timeout>();

  constructor(options: LiveStreamsOptions) {
    this.#options = options;
    // What a former process has left nobody can watch any more.
    rmSync(options.folder, { recursive: true, force: true });
  }

  stateOf(roomId: string): LiveStream | null {
    return this.#running.get(roomId)?.job.state ?? null;
  }

  begin(room: RecordedRoom, wish: LiveWish): { running: Promise<void> } {
    const { programFor, pages, folder, windowSeconds, allowPrivateTargets, explain, logger } = this.#options;
    const program = programFor(room, wish);
    const { liveId, startedAt } = wish;
    const own = join(folder, liveId);
    const title = room.info.settings.title || room.name;
    const { targetDuration, partSeconds: partTarget } = PAGE_TIMES;
    const firstNumber = Math.floor(Date.now() / 1000);
    const page = wish.page
      ? pages.open({
          liveId,
          title,
          folder: own,
          windowSeconds,
          startedAt,
          firstNumber,
          targetDuration,
          partTarget,
        })
      : null;
    const job = new LiveJob({
      ...{ wish, program, page, folder: own, windowSeconds, allowPrivateTargets },
      changed: (hostsOnly) => room.egressChanged(null, { hostsOnly }),
      targetChanged: () => room.liveTargetChanged(),
      ended: (failure) => this.#handleEnd(room, job, failure?.message),
    });
    this.#running.set(room.roomId, { job, room });
    program.add(job);
    logger.info({ liveId, room: room.name, targets: wish.targets.length }, 'live stream started');
    room.egressChanged(null);
    return { running: program.running.catch(explain) };
  }

  control(roomId: string, action: LiveAction): void {
    this.#running.get(roomId)?.job.control(action);
  }

  /** A host has removed the recorder. */
  programRemoved(program: Program): void {
    for (const { job } of this.#running.values()) if (job.program === program) job.stop();
  }

  /** The process ends; what runs goes on when the server and people are back. */
  close(): void {
    for (const [job, timer] of this.#afterglow) {
      clearTimeout(timer);
      job.forget();
    }
    for (const { job } of this.#running.values()) job.forget();
    this.#running.clear();
  }

  #handleEnd(room: RecordedRoom, job: LiveJob, why: string | undefined): void {
    const { liveId } = job.state;
    if (this.#running.get(room.roomId)?.job === job) this.#running.delete(room.roomId);
    this.#options.logger.info({ liveId, room: room.name, why }, 'live stream ended');
    const forget = (): void => {
      this.#afterglow.delete(job);
      this.#options.pages.close(liveId);
      job.forget();
    };
    this.#afterglow.set(job, setTimeout(forget, AFTERGLOW_MS).unref());
    room.liveEnded(liveId, why);
    room.egressChanged(null);
  }
}
