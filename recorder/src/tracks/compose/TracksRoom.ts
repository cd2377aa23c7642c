import { EventEmitter } from 'node:events';
import type { Size } from '../../program/tiles.ts';
import type { ProgramInput, ProgramInputEvents, ProgramParticipant } from '../../room/ProgramInput.ts';
import type { Timeline, TimelineEvent, TimelineTrack, TracksPlace } from './timeline.ts';
import { TrackAudio } from './TrackAudio.ts';
import { TrackReader } from './TrackReader.ts';
import { TrackVideo } from './TrackVideo.ts';

/** Sound is read so far ahead of where it is mixed, ms: its times shake. */
const SOUND_AHEAD_MS = 200;

type Input = TrackVideo | TrackAudio;

interface Somebody {
  readonly participantId: string;
  displayName: string;
  identity: string;
  readonly joinedAt: number;
  readonly inputs: Map<string, Input>;
}

export interface TracksRoomOptions extends TracksPlace {
  readonly timeline: Timeline;
  readonly ffmpeg: string;
  readonly size: Size;
  readonly title: string;
}

/** A room as its tracks have kept it. It goes on as `advance` says. */
export class TracksRoom extends EventEmitter<ProgramInputEvents> implements ProgramInput {
  readonly title: string;
  readonly spotlight = [];
  readonly breakoutId = null;
  readonly connection = 'connected';
  dominant: string | null = null;
  levels = new Map<string, number>();
  participants: readonly ProgramParticipant[] = [];
  readonly #options: TracksRoomOptions;
  readonly #people = new Map<string, Somebody>();
  #events: readonly TimelineEvent[];

  constructor(options: TracksRoomOptions) {
    super();
    this.#options = options;
    this.title = options.title;
    this.#events = options.timeline.events;
  }

  /** What happened until `now` has happened then, ms of the programme. */
  async advance(now: number): Promise<void> {
    const count = this.#events.findIndex(({ at }) => at > now);
    const due = count === -1 ? this.#events : this.#events.slice(0, count);
    if (due.length === 0) return;
    this.#events = this.#events.slice(due.length);
    for (const event of due) await this.#handle(event);
    this.participants = [...this.#people.values()].map(shownAs);
    this.emit('changed');
  }

  /** Pictures and sound for `now` are there then. */
  async feed(now: number): Promise<void> {
    const inputs = [...this.#people.values()].flatMap((person) => [...person.inputs.values()]);
    const wanted = (input: Input) => (input instanceof TrackAudio ? now + SOUND_AHEAD_MS : now);
    await Promise.all(inputs.map((input) => input.advance(wanted(input))));
    this.levels = new Map(
      [...this.#people.values()].map((person) => [person.participantId, levelOf(person)]),
    );
  }

  async close(): Promise<void> {
    for (const participantId of [...this.#people.keys()]) await this.#remove(participantId);
  }

  async #handle(event: TimelineEvent): Promise<void> {
    switch (event.type) {
      case 'part':
        return this.close();
      case 'joined':
        return void this.#person(event.participantId, { at: event.at, displayName: event.name });
      case 'left':
        return this.#remove(event.participantId);
      case 'speaker':
        return void (this.dominant = event.participantId);
      case 'begin':
        return this.#begin(event.track);
      case 'end':
        return this.#end(event.file);
      case 'mute':
        return void this.#find(event.file)?.inputs.get(event.file)?.setMuted(event.muted);
    }
  }

  /** They come with their first track, where nobody has said so. */
  #person(participantId: string, more: { at: number; displayName: string; identity?: string }): Somebody {
    const { at, displayName, identity = participantId } = more;
    const known = this.#people.get(participantId);
    const person = known ?? {
      participantId,
      displayName,
      identity,
      joinedAt: at,
      inputs: new Map<string, Input>(),
    };
    person.displayName = displayName;
    if (more.identity !== undefined) person.identity = identity;
    this.#people.set(participantId, person);
    return person;
  }

  async #begin(track: TimelineTrack): Promise<void> {
    const { folder, keys, ffmpeg, size: most } = this.#options;
    const { file, source, codec, from: startsAt } = track;
    const reader = await TrackReader.open({ folder, file }, keys);
    if (!reader) return;
    const input =
      source === 'camera' || source === 'screen'
        ? new TrackVideo({ file, source, codec, reader, ffmpeg, most, startsAt })
        : new TrackAudio({ file, source, reader, startsAt });
    this.#person(track.participantId, { ...track, at: startsAt }).inputs.set(file, input);
  }

  async #end(file: string): Promise<void> {
    const inputs = this.#find(file)?.inputs;
    const input = inputs?.get(file);
    inputs?.delete(file);
    await input?.close();
  }

  async #remove(participantId: string): Promise<void> {
    const person = this.#people.get(participantId);
    this.#people.delete(participantId);
    await Promise.all([...(person?.inputs.values() ?? [])].map((input) => input.close()));
  }

  #find(file: string): Somebody | undefined {
    return [...this.#people.values()].find(({ inputs }) => inputs.has(file));
  }
}

function levelOf({ inputs }: Somebody): number {
  const levels = [...inputs.values()].map((input) =>
    input instanceof TrackAudio && input.source === 'microphone' ? input.level : -127,
  );
  return Math.max(-127, ...levels);
}

/** Of two of one source the newer counts: it went on in another codec. */
function shownAs({ participantId, identity, displayName, joinedAt, inputs }: Somebody): ProgramParticipant {
  return {
    ...{ participantId, identity, displayName, joinedAt, kind: 'web', role: 'participant' },
    ...{ interrupted: false, raisedHandAt: null },
    ...Object.fromEntries([...inputs.values()].map((input) => [input.source, input])),
  };
}
