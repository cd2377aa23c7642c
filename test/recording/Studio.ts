import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PictureLayout, RecordingFormat, RecordingKind } from '@parley/protocol';
import {
  RecorderEvent,
  type ProgramJob,
  type ProgramSettings,
  type RecorderCommand,
} from '@parley/protocol/recorder';
import { Compile } from 'typebox/compile';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import { ProgramRunner } from '@parley/recorder/internal/ProgramRunner.ts';
import { SyntheticRoom } from '@parley/recorder/internal/testing/SyntheticRoom.ts';
import { waitFor } from '../support/waitFor.ts';

type Event<Type extends RecorderEvent['type']> = Extract<RecorderEvent, { type: Type }>;

export interface StudioWish {
  kind?: RecordingKind;
  format?: RecordingFormat;
  layout?: PictureLayout['kind'];
  key?: string | null;
  reserveBytes?: number;
  folder?: string;
  settings?: Partial<ProgramSettings>;
}

export function jobOf(wish: StudioWish, folder: string): ProgramJob {
  return {
    programId: 'program',
    kind: wish.kind ?? 'composite',
    format: wish.format ?? 'mp4',
    room: { url: 'ws://127.0.0.1/ws', token: '', certificate: null, title: 'Planning' },
    settings: {
      ...{ width: 640, height: 360, frameRate: 25, videoBitrate: 1_000_000, audioBitrate: 96_000 },
      ...{ keyFrameInterval: 2, preset: 'ultrafast', showNames: true, background: '#0d1312' },
      ...wish.settings,
    },
    layout: { kind: wish.layout ?? 'grid', focus: null },
    storage: { folder, key: wish.key ?? null, bucket: null, reserveBytes: wish.reserveBytes ?? 0 },
  };
}

const EVENTS = Compile(RecorderEvent);

/** The server takes no notice of anything else. */
function checked(event: RecorderEvent): RecorderEvent {
  if (!EVENTS.Check(event)) throw new Error(`Not in the protocol: ${JSON.stringify(event)}`);
  return event;
}

/** A recorder with a room of colours and tones, in this process. */
export class Studio {
  readonly folder: string;
  readonly room = new SyntheticRoom();
  readonly events: RecorderEvent[] = [];
  readonly #runner: ProgramRunner;
  readonly #wish: StudioWish;

  constructor(wish: StudioWish = {}) {
    this.#wish = wish;
    this.folder = wish.folder ?? mkdtempSync(join(tmpdir(), 'parley-studio-'));
    const { room } = this;
    this.#runner = new ProgramRunner({
      ffmpeg: findFfmpeg(),
      connect: async () => ({ input: room, leave: async () => room.stop() }),
      send: (event) => this.events.push(checked(event)),
    });
  }

  get encoderPid(): number | undefined {
    return this.#runner.encoderPid;
  }

  async start(): Promise<void> {
    this.room.run();
    await this.tell({ type: 'start', job: jobOf(this.#wish, this.folder) });
    await this.tell({ type: 'openRecording', recordingId: 'one', part: 1 });
  }

  tell(command: RecorderCommand): Promise<void> {
    return this.#runner.handle(command);
  }

  of<Type extends RecorderEvent['type']>(type: Type): Event<Type>[] {
    return this.events.filter((event): event is Event<Type> => event.type === type);
  }

  /** Waits until so many seconds are on the disk in this part. */
  recorded(seconds: number, part = 1): Promise<unknown> {
    const durations = () => this.of('partProgress').filter((event) => event.part === part);
    return waitFor(`${seconds} s of part ${part}`, () => durations().at(-1)?.durationMs ?? 0, {
      timeout: 40_000,
      done: (durationMs) => durationMs >= seconds * 1000,
    });
  }

  event<Type extends RecorderEvent['type']>(type: Type, count = 1): Promise<Event<Type>> {
    return waitFor(`event ${type}`, () => this.of(type)[count - 1], {
      timeout: 40_000,
      done: (event) => event !== undefined,
    }).then((event) => {
      if (!event) throw new Error(`No event ${type}`);
      return event;
    });
  }

  path(file: string): string {
    return join(this.folder, 'one', file);
  }

  /** Ends all, and gives what became of the recording. */
  async finish(): Promise<Event<'recordingFinished'>> {
    await this.tell({ type: 'stop' });
    return this.event('recordingFinished');
  }

  async close(): Promise<void> {
    await this.#runner.abandon();
    this.room.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
