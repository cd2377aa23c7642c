import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LiveStream, LiveTarget } from '@parley/protocol';
import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import { RtmpUrl } from '@parley/protocol/rtmpUrl';
import type { LivePage } from '../live/LivePage.ts';
import type { LiveAction, LiveTargetWish, LiveWish } from '../room/ports.ts';
import type { Program, ProgramFailure, ProgramOutput } from './Program.ts';

/** Of the page, seconds. Parts are small for the sake of delay, segments long enough to begin with a key frame. */
export const PAGE_TIMES = { segmentSeconds: 2, partSeconds: 0.4, targetDuration: 4 } as const;

export interface LiveJobOptions {
  wish: LiveWish;
  program: Program;
  /** null: there is none. */
  page: LivePage | null;
  /** Where the files of the page lie, those of each recorder in a folder of their own. */
  folder: string;
  windowSeconds: number;
  allowPrivateTargets: boolean;
  /** `hostsOnly`: nobody else sees what changed. */
  changed(hostsOnly: boolean): void;
  /** A target got into another state, or the picture into another layout that was not asked for here. */
  targetChanged(): void;
  ended(failure?: ProgramFailure): void;
}

/** A live stream, as one of the things that are made of a program: a page, targets, or both. */
export class LiveJob implements ProgramOutput {
  readonly #options: LiveJobOptions;
  readonly #targets = new Map<string, { wish: LiveTargetWish; shown: LiveTarget }>();
  #layout: LiveWish['layout'];
  #recorders = 0;
  #isOver = false;

  constructor(options: LiveJobOptions) {
    this.#options = options;
    this.#layout = options.wish.layout;
    for (const target of options.wish.targets) this.#note(target);
    options.page?.viewers.onChange(() => options.changed(false));
  }

  get program(): Program {
    return this.#options.program;
  }

  get state(): LiveStream {
    const { wish, page } = this.#options;
    return {
      ...{ liveId: wish.liveId, startedAt: wish.startedAt, startedBy: wish.by?.identity ?? null },
      page: page && `/live/${wish.liveId}`,
      viewers: page?.viewers.count ?? 0,
      layout: this.#layout,
      targets: [...this.#targets.values()].map(({ shown }) => shown),
    };
  }

  commands(): RecorderCommand[] {
    if (this.#isOver) return [];
    const { page } = this.#options;
    return [
      ...(page ? [this.#openPage(page)] : []),
      ...[...this.#targets.values()].map(({ wish }) => this.#addTarget(wish)),
    ];
  }

  control(action: LiveAction): void {
    switch (action.type) {
      case 'stop':
        return this.stop();
      case 'addTarget':
        this.#note(action.target);
        this.program.send(this.#addTarget(action.target));
        break;
      case 'removeTarget':
        this.#targets.delete(action.targetId);
        this.program.send(action);
        break;
      case 'setLayout':
        this.#layout = action.layout;
        this.program.setLayout(action.layout);
    }
    this.#options.changed(false);
  }

  handleEvent(event: RecorderEvent): void {
    const { page, wish } = this.#options;
    if (event.type === 'target') this.#handleTarget(event);
    else if (event.type === 'pageInit' && event.liveId === wish.liveId) page?.handleInit(event);
    else if (event.type === 'pagePart' && event.liveId === wish.liveId) page?.handlePart(event);
  }

  handleLayout(layout: LiveWish['layout']): void {
    if (isDeepStrictEqual(layout, this.#layout)) return;
    this.#layout = layout;
    this.#options.changed(false);
    this.#options.targetChanged();
  }

  handleCrash(why: string): void {
    for (const { wish, shown } of this.#targets.values()) {
      this.#targets.set(wish.targetId, {
        wish,
        shown: { ...shown, state: 'retrying', since: Date.now(), message: why },
      });
    }
    this.#options.changed(false);
    if (this.#targets.size > 0) this.#options.targetChanged();
  }

  handleFailure(failure: ProgramFailure): void {
    this.#end(failure);
  }

  /** Ends it. Calling it again does nothing. */
  stop(): void {
    if (this.#isOver) return;
    const { page, wish } = this.#options;
    for (const targetId of this.#targets.keys()) this.program.send({ type: 'removeTarget', targetId });
    if (page) this.program.send({ type: 'closePage', liveId: wish.liveId });
    this.#end();
    this.program.remove(this);
  }

  /** Nobody can watch any more: the files go. */
  forget(): void {
    this.#options.page?.close();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  #end(failure?: ProgramFailure): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.page?.end();
    this.#options.ended(failure);
  }

  #openPage(page: LivePage): RecorderCommand {
    const run = String(this.#recorders++);
    page.handleRecorder(run);
    const { segmentSeconds, partSeconds } = PAGE_TIMES;
    return {
      ...{ type: 'openPage', liveId: this.#options.wish.liveId, folder: join(this.#options.folder, run) },
      ...{ segmentSeconds, partSeconds, windowSeconds: this.#options.windowSeconds },
    };
  }

  #addTarget({ targetId, url }: LiveTargetWish): RecorderCommand {
    return { type: 'addTarget', targetId, url, allowPrivate: this.#options.allowPrivateTargets };
  }

  #note(wish: LiveTargetWish): void {
    const { targetId, url } = wish;
    const shown: LiveTarget = {
      ...{ targetId, label: RtmpUrl.parse(url).label, state: 'connecting', since: Date.now() },
      ...{ bitrate: 0, droppedFrames: 0, message: '' },
    };
    this.#targets.set(targetId, { wish, shown });
  }

  #handleTarget({
    targetId,
    state,
    bitrate,
    droppedFrames,
    message,
  }: Extract<RecorderEvent, { type: 'target' }>): void {
    const target = this.#targets.get(targetId);
    if (!target) return;
    const since = state === target.shown.state ? target.shown.since : Date.now();
    const isNew = state !== target.shown.state;
    target.shown = { ...target.shown, state, since, bitrate, droppedFrames, message };
    this.#options.changed(true);
    if (isNew) this.#options.targetChanged();
  }
}
