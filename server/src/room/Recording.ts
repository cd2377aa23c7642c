import { ParleyError, type EgressState, type MethodParams, type PictureLayout } from '@parley/protocol';
import { Type } from 'typebox';
import type { JoinGrants } from '../auth/grants.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { BreakoutRooms } from './BreakoutRooms.ts';
import { setConsent, starterAgrees } from './consent.ts';
import type { Participant } from './Participant.ts';
import type {
  CurrentRecording,
  Egress,
  ItemKind,
  RecordedRoom,
  RecordingAction,
  RecordingWish,
} from './ports.ts';
import type { Actor, Person, RoomCore } from './RoomCore.ts';

/** How long `start` waits for the recorder, ms. It goes on starting after that. */
const START_WAIT_MS = 8000;
/** How long nobody has to be there until recording ends, ms. */
const EMPTY_MS = 60_000;
const FIRST_LAYOUT: PictureLayout = { kind: 'speaker', focus: null };

const AutoRecord = Type.Object({ meetingId: Type.String() });
/** The meeting in which it was begun by the settings: who stopped it then wants it stopped. */
const AUTO: ItemKind<typeof AutoRecord> = { kind: 'autoRecord', schema: AutoRecord, lasting: false };

/** What is asked for: by somebody in the room, or by REST. */
type StartParams = MethodParams<'recording.start'> & { breakoutId: string | null };
type Target = { recordingId?: string; breakoutId: string | null };

interface RecordingRoom extends RoomCore, RecordedRoom {
  readonly breakouts: BreakoutRooms;
}

/** Whether a room is recorded, and who of those in it is. The recording itself is done elsewhere. */
export class Recording {
  readonly #room: RecordingRoom;
  readonly #egress: Egress;
  #emptyTimer: NodeJS.Timeout | undefined;
  /** What each recording of the meeting began to record of breakout rooms, or could not: once while they are open. */
  readonly #given = new Set<string>();

  constructor(room: RecordingRoom, egress: Egress) {
    this.#room = room;
    this.#egress = egress;
  }

  stateFor({ breakoutId }: Participant): Pick<EgressState, 'recordings'> {
    return this.#egress.stateOf(this.#room.roomId, breakoutId);
  }

  /** Of the meeting and its breakout rooms; by the settings also before there is a meeting. */
  get outlook(): 'no' | 'now' | 'automatic' {
    const { roomId, settings, meetingId, stores } = this.#room;
    if (this.#egress.current(roomId).length > 0) return 'now';
    if (settings.autoRecord === 'off') return 'no';
    const begun = stores.items.load(roomId, AUTO).get('')?.meetingId;
    return meetingId !== null && begun === meetingId ? 'no' : 'automatic';
  }

  /** Where a recorder belongs that this server has sent; undefined for everybody else. */
  placeOf({ kind, identity }: JoinGrants): { breakoutId: string | null } | undefined {
    return kind === 'recorder' ? this.#egress.placeOf(identity) : undefined;
  }

  /** Begins to record the place they are in; call within the turn of the room, and wait for `started` outside it. */
  begin(by: Actor, params: StartParams): { recordingId: string; started: Promise<void> } {
    const { kind = 'composite', format = 'mp4', layout = FIRST_LAYOUT, breakoutId } = params;
    const { settings } = this.#room;
    const { recordingId, running } = this.#begin({
      ...{ kind, format, layout, breakoutId },
      breakouts: breakoutId === null && (params.breakouts ?? settings.recordBreakouts),
      by: { identity: by.identity, displayName: by.displayName },
    });
    starterAgrees(this.#room, by);
    return { recordingId, started: Promise.race([running, delay(START_WAIT_MS, undefined, { ref: false })]) };
  }

  /** Throws PERMISSION_DENIED. */
  assertMayRecord({ permissions }: Participant): void {
    if (!permissions.canRecord) throw new ParleyError('PERMISSION_DENIED');
  }

  /** Throws RECORDING_NOT_RUNNING, WRONG_STATE. */
  control(by: Actor, target: Target, action: RecordingAction): void {
    const { recordingId, parentRecordingId } = this.#find(target);
    this.#egress.control(recordingId, action);
    if (action.type !== 'mark' && parentRecordingId === null) this.#controlChildren(recordingId, action);
    // Those that were opened meanwhile.
    if (action.type === 'resume') this.#recordBreakouts();
    this.#room.audit(by, `recording.${action.type}`, { details: { recordingId } });
  }

  /** Says whether somebody agrees to be recorded. */
  consent(participant: Participant, agreed: boolean): void {
    setConsent(this.#room, participant, agreed);
  }

  /** Who is where, or what was set, is different now. */
  update(): void {
    const { roster, meetingId } = this.#room;
    const isEmpty = roster.visiblePeople.length === 0;
    this.#watchEmptiness(isEmpty);
    if (meetingId === null || isEmpty) return;
    this.#egress.peopleCame(this.#room);
    this.#recordBySettings(meetingId);
    this.#recordBreakouts();
  }

  /** A host has removed a recorder: they want no recording. */
  recorderRemoved({ identity }: Participant): void {
    this.#egress.recorderRemoved(identity);
  }

  meetingEnded(): void {
    this.close();
    this.#given.clear();
    this.#egress.meetingEnded(this.#room.roomId);
  }

  close(): void {
    clearTimeout(this.#emptyTimer);
    this.#emptyTimer = undefined;
  }

  #begin(wish: Omit<RecordingWish, 'breakoutName' | 'parentRecordingId'> & { parentRecordingId?: string }) {
    const breakoutName = this.#room.breakouts.nameOf(wish.breakoutId);
    const begun = this.#egress.begin(this.#room, { parentRecordingId: null, ...wish, breakoutName });
    const { kind, format, breakoutId, by } = wish;
    const details = { recordingId: begun.recordingId, kind, format, breakoutId };
    this.#room.audit(by, 'recording.start', { details });
    begun.running.catch((err: unknown) => {
      this.#room.logger.warn({ err, recordingId: begun.recordingId }, 'a recording could not be started');
    });
    return begun;
  }

  #find({ recordingId, breakoutId }: Target): CurrentRecording {
    const { roomId } = this.#room;
    const found = [...this.#egress.current(roomId), ...this.#egress.waiting(roomId)].find((one) =>
      recordingId === undefined ? one.breakoutId === breakoutId : one.recordingId === recordingId,
    );
    if (!found) throw new ParleyError('RECORDING_NOT_RUNNING');
    return found;
  }

  #controlChildren(parentRecordingId: string, action: RecordingAction): void {
    for (const child of this.#egress.current(this.#room.roomId)) {
      if (child.parentRecordingId !== parentRecordingId) continue;
      try {
        this.#egress.control(child.recordingId, action);
      } catch (err) {
        // One that is paused already, or ends by itself.
        this.#room.logger.debug({ err, recordingId: child.recordingId }, 'a breakout room is not concerned');
      }
    }
  }

  /** Where nobody is left there is nothing to record; the meeting may go on when somebody comes back. */
  #watchEmptiness(isEmpty: boolean): void {
    if (!isEmpty) return this.close();
    if (this.#emptyTimer || this.#egress.current(this.#room.roomId).length === 0) return;
    this.#emptyTimer = setTimeout(() => {
      this.#emptyTimer = undefined;
      // Whoever comes back is recorded again, where the settings say so.
      this.#room.stores.items.delete(this.#room.roomId, AUTO, '');
      this.#stopAll((one) => one.parentRecordingId === null, null);
    }, EMPTY_MS).unref();
  }

  #recordBySettings(meetingId: string): void {
    const { settings, stores, roomId } = this.#room;
    const { autoRecord: kind, autoRecordFormat: format, recordBreakouts: breakouts } = settings;
    if (kind === 'off' || this.#egress.current(roomId).some((one) => one.breakoutId === null)) return;
    if (stores.items.load(roomId, AUTO).get('')?.meetingId === meetingId) return;
    stores.items.save(roomId, AUTO, { key: '', value: { meetingId } });
    try {
      this.#begin({ kind, format, breakouts, layout: FIRST_LAYOUT, breakoutId: null, by: null });
    } catch (err) {
      // One that the end of the server had cut goes on in a moment.
      if (err instanceof ParleyError && err.code === 'RECORDING_RUNNING') return;
      this.#tellNotRecorded('This meeting', err);
      this.#room.logger.warn({ err }, 'the meeting is not recorded, though its settings say so');
    }
  }

  #recordBreakouts(): void {
    const { breakouts, roomId, roster } = this.#room;
    const open = breakouts.isOpen ? breakouts.ids : [];
    if (open.length === 0) this.#given.clear();
    this.#stopAll(({ breakoutId }) => breakoutId !== null && !open.includes(breakoutId), null);
    const current = this.#egress.current(roomId);
    const parent = current.find((one) => one.breakoutId === null && one.breakouts);
    if (!parent || parent.isPaused) return;
    for (const breakoutId of open) {
      const isRecorded = current.some((one) => one.breakoutId === breakoutId);
      if (isRecorded || roster.peopleIn(breakoutId).length === 0) continue;
      this.#recordBreakout(breakoutId, parent);
    }
  }

  #recordBreakout(breakoutId: string, { recordingId, kind }: CurrentRecording): void {
    const key = `${recordingId} ${breakoutId}`;
    if (this.#given.has(key)) return;
    this.#given.add(key);
    try {
      const format = 'mp4';
      const wish = { kind, format, breakoutId, layout: FIRST_LAYOUT, breakouts: false, by: null } as const;
      this.#begin({ ...wish, parentRecordingId: recordingId });
    } catch (err) {
      this.#tellNotRecorded(this.#room.breakouts.nameOf(breakoutId), err);
      this.#room.logger.warn({ err, breakoutId }, 'a breakout room is not recorded');
    }
  }

  #tellNotRecorded(what: string, err: unknown): void {
    const why = err instanceof ParleyError ? err.message : 'The recorder cannot be started.';
    const message = `${what} is not recorded. ${why}`;
    this.#room.roster.tellHosts({ method: 'room.notice', params: { kind: 'notRecorded', message } });
  }

  #stopAll(which: (one: CurrentRecording) => boolean, by: Person | null): void {
    for (const one of this.#egress.current(this.#room.roomId)) {
      if (!which(one)) continue;
      this.#egress.control(one.recordingId, { type: 'stop' });
      if (one.parentRecordingId === null) this.#controlChildren(one.recordingId, { type: 'stop' });
      this.#room.audit(by, 'recording.stop', { details: { recordingId: one.recordingId } });
    }
  }
}
