import type { RecorderEvent } from '@parley/protocol/recorder';
import type { AudioInput, ProgramInput, ProgramParticipant, VideoInput } from '../room/ProgramInput.ts';
import { opusSamples } from '../rtp/depacketize/opus.ts';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';
import { SidecarLog } from '../files/index.ts';
import { assertReserve, troubleOf } from '../sinks/diskReserve.ts';
import { manifestLogPath, partFileName, sidecarLogPath } from '../sinks/partNames.ts';
import type { ProgramHappening, RecordingTrouble, RecordingWriter } from '../sinks/RecordingWriter.ts';
import type { VaultKey } from '../vault/index.ts';
import { ManifestLog, type TrackInfo } from './manifest.ts';
import { TrackFile } from './TrackFile.ts';
import { extensionOf } from './trackHeader.ts';

/** How often what has come is flushed, the disk looked at and progress told, ms. */
const FLUSH_MS = 1000;
/** What came last before a pause ends so much after it began at most, ms: that is the longest packet of sound. */
const REACH_MS = 120;

export interface TracksWriterOptions {
  readonly recordingId: string;
  readonly part: number;
  readonly folder: string;
  readonly key: VaultKey | null;
  readonly reserveBytes: number;
  readonly input: ProgramInput;
  /** `microphones`: voices alone, beside a mixed file that tells of the part itself. */
  readonly what: 'all' | 'microphones';
  onEvent(event: Extract<RecorderEvent, { type: 'partOpened' | 'partProgress' }>): void;
  onTrouble(trouble: RecordingTrouble): void;
}

interface Track {
  readonly input: VideoInput | AudioInput;
  stop: (() => void) | undefined;
  file: TrackFile | undefined;
  info: TrackInfo | undefined;
  codec: string | undefined;
  muted: boolean;
  /** What was before is not there: nothing can be decoded until the next key frame. */
  needsKeyFrame: boolean;
}

interface Received {
  readonly person: ProgramParticipant;
  readonly frame: EncodedFrame;
  readonly codec: string;
  /** Where it stands in the part, ms. */
  readonly at: number;
}

/** Each publication of a room in a file of its own, as it is sent, with a manifest. */
export class TracksWriter implements RecordingWriter {
  readonly #options: TracksWriterOptions;
  readonly #tracks = new Map<string, Track>();
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #queue: Promise<void> = Promise.resolve();
  #manifest: ManifestLog | undefined;
  #log: SidecarLog | undefined;
  #files = 0;
  /** Milliseconds that were left out until now, and since when nothing is kept. */
  #pausedMs = 0;
  #pausedAt: number | undefined;
  /** From when on it keeps what comes: since it began, or went on. */
  #since = this.#startedAt;
  /** Until when it has what was sent. */
  #until = this.#startedAt;
  #durationMs = 0;
  #closed = false;

  constructor(options: TracksWriterOptions) {
    this.#options = options;
    void this.#inTurn(() => this.#open());
    options.input.on('changed', this.#onChanged);
    this.#onChanged();
    this.#timer = setInterval(() => void this.#inTurn(() => this.#flush()), FLUSH_MS);
  }

  pause(at: number): void {
    if (this.#pausedAt !== undefined) return;
    // The time of the part goes on where its files end, or what follows would lie on top of that.
    const from = at - performance.timeOrigin;
    this.#pausedAt = Math.min(Math.max(from, this.#until), from + REACH_MS);
    for (const track of this.#tracks.values()) this.#stopReceiving(track);
  }

  resume(at: number): void {
    if (this.#pausedAt === undefined) return;
    this.note(
      { type: 'paused', resumedAt: new Date(at).toISOString() },
      this.#pausedAt + performance.timeOrigin,
    );
    this.#pausedMs += at - performance.timeOrigin - this.#pausedAt;
    this.#pausedAt = undefined;
    this.#since = at - performance.timeOrigin;
    this.#onChanged();
  }

  note(event: ProgramHappening, at: number): void {
    const atMs = Math.round(this.#timeOf(at - performance.timeOrigin));
    void this.#inTurn(async () => this.#log?.add({ ...event, atMs }));
  }

  endAt(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return this.#queue;
    this.#options.input.off('changed', this.#onChanged);
    clearInterval(this.#timer);
    for (const track of this.#tracks.values()) this.#stopReceiving(track);
    await this.#inTurn(() => this.#closeAll());
    this.#closed = true;
  }

  async #open(): Promise<void> {
    const { folder, part, key, what, recordingId, onEvent } = this.#options;
    const startedAt = Math.round(performance.timeOrigin + this.#startedAt);
    this.#manifest = await ManifestLog.create(manifestLogPath(folder, part), { key, startedAt });
    if (what === 'microphones') return;
    this.#log = await SidecarLog.create(sidecarLogPath(folder, part), {
      key,
      startedAt: new Date(startedAt),
    });
    onEvent({ type: 'partOpened', recordingId, part, startedAt });
  }

  readonly #onChanged = (): void => {
    if (this.#pausedAt !== undefined) return;
    const here = new Set<string>();
    for (const person of this.#options.input.participants) {
      for (const input of this.#inputsOf(person)) {
        here.add(input.publicationId);
        this.#follow(person, input);
      }
    }
    for (const [id, track] of this.#tracks) {
      if (here.has(id)) continue;
      this.#tracks.delete(id);
      this.#stopReceiving(track);
      const atMs = Math.round(this.#timeOf(performance.now()));
      void this.#inTurn(() => this.#endFile(track, atMs));
    }
  };

  #inputsOf({ camera, screen, microphone, screenAudio }: ProgramParticipant): (VideoInput | AudioInput)[] {
    const all = this.#options.what === 'all' ? [camera, screen, microphone, screenAudio] : [microphone];
    return all.filter((input) => input !== undefined);
  }

  #follow(person: ProgramParticipant, input: VideoInput | AudioInput): void {
    const { publicationId, muted } = input;
    const known = this.#tracks.get(publicationId);
    const track = known ?? {
      input,
      muted,
      stop: undefined,
      file: undefined,
      info: undefined,
      codec: undefined,
      needsKeyFrame: true,
    };
    this.#tracks.set(publicationId, track);
    if (track.muted !== muted) this.#noteMute(track, muted);
    track.stop ??= input.receiveFrames((frame, codec) => {
      if (this.#pausedAt !== undefined || (track.needsKeyFrame && !frame.keyFrame)) return;
      // Sound from before has no place: it would be heard on top of what follows.
      if (codec === 'opus' && frame.capturedAt < this.#since) return;
      track.needsKeyFrame = false;
      this.#until = Math.max(this.#until, frame.capturedAt + lengthOf(frame, codec));
      // Its turn may come after the next pause.
      const at = this.#timeOf(frame.capturedAt);
      void this.#inTurn(() => this.#write(track, { person, frame, codec, at }));
    });
  }

  #noteMute(track: Track, muted: boolean): void {
    track.muted = muted;
    const atMs = Math.round(this.#timeOf(performance.now()));
    void this.#inTurn(async () => {
      if (track.info) await this.#manifest?.addMute({ file: track.info.file, muted, atMs });
    });
  }

  #stopReceiving(track: Track): void {
    track.stop?.();
    track.stop = undefined;
    track.needsKeyFrame = true;
  }

  async #endFile({ file, info }: Track, atMs: number): Promise<void> {
    await file?.close();
    if (info) await this.#manifest?.addEnd({ file: info.file, atMs });
  }

  async #write(track: Track, o: Received): Promise<void> {
    const { frame, codec, at } = o;
    if (track.codec !== codec) {
      if (!frame.keyFrame) return;
      await this.#endFile(track, Math.round(at));
      track.info = this.#describe(track, o);
      track.file = await TrackFile.create({ ...this.#options, file: track.info.file, codec }, frame);
      track.codec = codec;
      await this.#manifest?.addTrack(track.info);
    }
    await track.file?.write(frame, at - (track.info?.offsetMs ?? 0));
    this.#durationMs = Math.max(this.#durationMs, Math.round(at));
  }

  #describe({ input }: Track, { person, frame, codec, at }: Received): TrackInfo {
    const { participantId, identity, displayName } = person;
    const { source } = input;
    const name = `track-${++this.#files}-${source}`;
    return {
      file: partFileName({ part: this.#options.part, name, extension: extensionOf(codec) }),
      ...{ participantId, identity, displayName, source, codec },
      offsetMs: Math.round(at),
      startedAt: Math.round(performance.timeOrigin + frame.capturedAt),
    };
  }

  /** Where a moment (ms of `performance.now()`) stands in the part. */
  #timeOf(moment: number): number {
    const until = this.#pausedAt === undefined ? moment : Math.min(moment, this.#pausedAt);
    return Math.max(0, until - this.#startedAt - this.#pausedMs);
  }

  async #flush(): Promise<void> {
    const { what, part, recordingId, onEvent } = this.#options;
    await assertReserve(this.#options);
    const files = [...this.#tracks.values()].flatMap(({ file }) => (file ? [file] : []));
    await Promise.all(files.map((file) => file.flush()));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (what === 'all')
      onEvent({ type: 'partProgress', recordingId, part, bytes, durationMs: this.#durationMs });
  }

  async #closeAll(): Promise<void> {
    const files = [...this.#tracks.values()].map(({ file }) => file?.close());
    await Promise.allSettled([...files, this.#manifest?.close(), this.#log?.close()]);
  }

  /** One after the other; the first that fails ends it. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue
      .then(() => (this.#closed ? undefined : task()))
      .catch((error: unknown) => this.#fail(error));
    return this.#queue;
  }

  async #fail(error: unknown): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const track of this.#tracks.values()) this.#stopReceiving(track);
    await this.#closeAll();
    this.#options.onTrouble(troubleOf(error));
  }
}

/** Of sound, ms; a picture is there for a moment. */
function lengthOf({ data }: EncodedFrame, codec: string): number {
  return codec === 'opus' ? (opusSamples(data) ?? 0) / 48 : 0;
}
