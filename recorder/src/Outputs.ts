import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import { wallClock, type ProgramRun } from './ProgramRun.ts';
import { FeedSink } from './sinks/FeedSink.ts';
import { PageSink } from './sinks/PageSink.ts';
import type { ProgramSink } from './sinks/ProgramSink.ts';
import { TargetSink } from './sinks/TargetSink.ts';
import { lineLog } from './util/lineLog.ts';

type Command<Type extends RecorderCommand['type']> = Extract<RecorderCommand, { type: Type }>;

interface Output {
  readonly sink: ProgramSink & { close(): Promise<void> };
  readonly run: ProgramRun;
}

/** Where a programme goes while it is made: services and the page for viewers. */
export class Outputs {
  readonly #outputs = new Map<string, Output>();
  readonly #send: (event: RecorderEvent) => void;
  readonly #ffmpeg: string;

  constructor({ send, ffmpeg }: { send(event: RecorderEvent): void; ffmpeg: string }) {
    this.#send = send;
    this.#ffmpeg = ffmpeg;
  }

  addTarget({ targetId, url, allowPrivate }: Command<'addTarget'>, run: ProgramRun): void {
    const { settings } = run.job;
    this.#add(
      targetId,
      run,
      () => new TargetSink({ targetId, url, allowPrivate, settings, onEvent: this.#send }),
    );
  }

  openPage(page: Command<'openPage'>, run: ProgramRun): void {
    const { settings, storage } = run.job;
    const { reserveBytes } = storage;
    const { liveId } = page;
    const onFailed = (why: string): void =>
      lineLog.warn({ liveId, why }, 'the page of a live stream stands still');
    const options = { page, settings, reserveBytes, onEvent: this.#send, onFailed };
    this.#add(liveId, run, () => new PageSink(options));
  }

  /** Rejects when its port is not to be had. */
  async openFeed(feed: Command<'openFeed'>, run: ProgramRun): Promise<void> {
    const requestKeyFrame = (): void => run.requestKeyFrame(wallClock());
    const { settings } = run.job;
    const { feedId } = feed;
    const sink = await FeedSink.open({
      ...{ feed, settings, ffmpeg: this.#ffmpeg, now: wallClock, requestKeyFrame },
      onProgress: (numbers) => this.#send({ type: 'feedProgress', feedId, ...numbers }),
    });
    this.#add(feed.feedId, run, () => sink);
    run.listeners.add(sink.listener);
    this.#send({ type: 'feedOpened', feedId: feed.feedId, localPort: sink.port });
  }

  async remove(id: string): Promise<void> {
    const output = this.#outputs.get(id);
    if (!output) return;
    this.#outputs.delete(id);
    output.run.hub.delete(output.sink);
    if (output.sink instanceof FeedSink) output.run.listeners.delete(output.sink.listener);
    await output.sink.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#outputs.keys()].map((id) => this.remove(id)));
  }

  #add(id: string, run: ProgramRun, make: () => Output['sink']): void {
    if (this.#outputs.has(id)) return;
    const output = { sink: make(), run };
    this.#outputs.set(id, output);
    run.hub.add(output.sink);
    run.requestKeyFrame(wallClock());
  }
}
