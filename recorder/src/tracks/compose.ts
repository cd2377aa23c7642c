import type { PictureLayout, RecordingFormat } from '@parley/protocol';
import type { ProgramSettings } from '@parley/protocol/recorder';
import { FileEncoder } from '../encode/encodeFile.ts';
import type { FinishedFile } from '../files/index.ts';
import { Program } from '../program/Program.ts';
import { ComposeError } from './compose/ComposeError.ts';
import { readTimeline, type Timeline, type TracksPlace } from './compose/timeline.ts';
import { TracksRoom } from './compose/TracksRoom.ts';

export interface ComposeOptions extends TracksPlace {
  readonly ffmpeg: string;
  /** Where the file is to be; what is there is replaced. */
  readonly path: string;
  readonly format: RecordingFormat;
  readonly settings: ProgramSettings;
  readonly layout: PictureLayout;
  readonly title: string;
  /** Cancels; nothing is left then. */
  readonly signal?: AbortSignal;
  /** Share that is done, 0 to 1; for each picture. */
  onProgress?(done: number): void;
}

/**
 * Makes one picture and sound of a recording of tracks, as they would have been recorded together: who was there, spoke, was
 * muted or shared a screen when, without what was paused. Not in real time, but as fast as the machine can.
 * @throws {ComposeError} @throws {VaultError}
 */
export async function composeTracks(options: ComposeOptions): Promise<FinishedFile> {
  const { folder, settings, format, title } = options;
  const timeline = await readTimeline(options).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? new ComposeError('COMPOSE_NOT_FOUND', folder)
      : error;
  });
  if (timeline.durationMs === 0) throw new ComposeError('COMPOSE_NO_TRACKS', folder);
  const room = new TracksRoom({ ...options, timeline, size: settings });
  const target = await FileEncoder.create({ ...options, plan: { format, video: true, settings } });
  try {
    await makePictures(options, { timeline, room, target });
    const startedAt = new Date(timeline.startedAt);
    return await target.finish({ chapters: timeline.chapters, title, startedAt });
  } catch (error) {
    await target.abort();
    throw error;
  } finally {
    await room.close();
  }
}

async function makePictures(
  { settings, layout, signal, onProgress }: ComposeOptions,
  { timeline, room, target }: { timeline: Timeline; room: TracksRoom; target: FileEncoder },
): Promise<void> {
  const { encoder } = target;
  const program = new Program({
    ...{ input: room, settings, layout, video: true, stepped: true },
    output: {
      onPicture: (frame, position) => encoder.writePicture(frame, position),
      onSound: (samples, position) => encoder.writeSound(samples, position),
    },
  });
  program.start();
  try {
    const count = Math.ceil((timeline.durationMs * settings.frameRate) / 1000);
    for (let index = 0; index < count; index++) {
      if (signal?.aborted) throw new ComposeError('COMPOSE_CANCELLED');
      // The middle of the time in which the picture is seen.
      const now = ((index + 0.5) * 1000) / settings.frameRate;
      await room.advance(now);
      program.look(now);
      await room.feed(now);
      program.advance(now);
      await target.room();
      onProgress?.((index + 1) / count);
    }
  } finally {
    program.close();
  }
}
