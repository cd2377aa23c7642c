import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import type { FeedWish, Feeding, RecordedRoom } from '../room/ports.ts';
import type { Program, ProgramFailure, ProgramOutput } from './Program.ts';

export interface FeedsOptions {
  /** The one that runs in the main room, whatever its layout, or another. Throws as Feeding.begin does. */
  programFor(room: RecordedRoom): Program;
  explain(error: unknown): never;
}

/** What is sent as RTP at the moment, of all rooms. */
export class Feeds implements Feeding {
  readonly #options: FeedsOptions;
  readonly #jobs = new Set<FeedJob>();

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  begin(room: RecordedRoom, wish: FeedWish): { running: Promise<void>; stop(): void } {
    const { programFor, explain } = this.#options;
    const program = programFor(room);
    const job = new FeedJob(program, wish, () => this.#jobs.delete(job));
    this.#jobs.add(job);
    program.add(job);
    return { running: program.running.catch(explain), stop: () => job.stop() };
  }

  /** A host has removed the recorder. */
  programRemoved(program: Program): void {
    for (const job of this.#jobs) if (job.program === program) job.stop();
  }
}

/** A program as RTP, as one of the things that are made of it. */
class FeedJob implements ProgramOutput {
  readonly program: Program;
  readonly #wish: FeedWish;
  readonly #forget: () => void;
  #localPort = 0;
  /** Numbers of the next packets, as they were told last. */
  #numbers: { video: number; audio: number } | undefined;
  #isOver = false;

  constructor(program: Program, wish: FeedWish, forget: () => void) {
    this.program = program;
    this.#wish = wish;
    this.#forget = forget;
  }

  /**
   * NOTE: a recorder that follows one that died sends from the same port: media is taken from no other. Its packets have higher
   * numbers: those that begin anew are old ones to a player, which cannot even decrypt them (RFC 3711, section 3.3.1).
   */
  commands(): RecorderCommand[] {
    if (this.#isOver) return [];
    const { feedId, address } = this.#wish;
    const { video, audio } = address;
    return [
      {
        ...{ type: 'openFeed', feedId, ...address, localPort: this.#localPort },
        video: { ...video, ...later(this.#numbers?.video) },
        audio: { ...audio, ...later(this.#numbers?.audio) },
      },
    ];
  }

  handleEvent(event: RecorderEvent): void {
    if (!('feedId' in event) || event.feedId !== this.#wish.feedId) return;
    if (event.type === 'feedProgress') {
      this.#numbers = event;
      return;
    }
    this.#localPort = event.localPort;
    this.#wish.opened(event.localPort);
  }

  /** Those who watch see it. */
  handleLayout(): void {}

  /** Those who watch wait for the next. */
  handleCrash(): void {}

  handleFailure({ message }: ProgramFailure): void {
    this.#end(message);
  }

  /** Ends it. Calling it again does nothing. */
  stop(): void {
    if (this.#isOver) return;
    this.program.send({ type: 'closeFeed', feedId: this.#wish.feedId });
    this.#end('It was stopped.');
    this.program.remove(this);
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    this.#wish.ended(why);
  }
}

/** More than a second of packets, and less than what is taken for another stream (RFC 3550, appendix A.1). */
const SKIPPED = 1_500;

const later = (next: number | undefined) =>
  next === undefined ? {} : { sequenceNumber: (next + SKIPPED) & 0xffff };
