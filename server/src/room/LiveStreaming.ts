import { ParleyError, type LiveStream, type MethodParams, type PictureLayout } from '@parley/protocol';
import { RtmpUrl } from '@parley/protocol/rtmpUrl';
import { Type, type Static } from 'typebox';
import { setTimeout as delay } from 'node:timers/promises';
import { isHost } from '../auth/permissions.ts';
import { newId, newLongId } from '../util/ids.ts';
import { starterAgrees } from './consent.ts';
import type { Participant } from './Participant.ts';
import type { ItemKind, LiveAction, LiveTargetWish, RecordedRoom, Streaming } from './ports.ts';
import type { Actor, Person, RoomCore } from './RoomCore.ts';

/** How long `start` waits for the recorder, ms. It goes on starting after that. */
const START_WAIT_MS = 8000;
/** How long nobody has to be there until the stream ends, ms. */
const EMPTY_MS = 60_000;
const MAX_TARGETS = 16;
const FIRST_LAYOUT: PictureLayout = { kind: 'speaker', focus: null };

const Kept = Type.Object({
  liveId: Type.String(),
  startedAt: Type.Integer(),
  identity: Type.String(),
  displayName: Type.String(),
  page: Type.Boolean(),
  targets: Type.Array(Type.Object({ targetId: Type.String(), url: Type.String() })),
  layoutKind: Type.Enum(['grid', 'speaker', 'screen', 'single']),
  focus: Type.Union([Type.String(), Type.Null()]),
});
type Kept = Static<typeof Kept>;
/** The stream as it was asked for, so that it goes on when the server was killed. The keys of targets lie in it. */
const LIVE: ItemKind<typeof Kept> = { kind: 'live', schema: Kept, lasting: false };

type StartParams = MethodParams<'live.start'>;
type TargetParams = MethodParams<'live.addTarget'>;

/** Whether a room is streamed to the world, and where to. The streaming itself is done elsewhere. */
export class LiveStreaming {
  readonly #room: RoomCore & RecordedRoom;
  readonly #streaming: Streaming;
  #kept: Kept | undefined;
  #emptyTimer: NodeJS.Timeout | undefined;
  #isResumed = false;

  constructor(room: RoomCore & RecordedRoom, streaming: Streaming) {
    this.#room = room;
    this.#streaming = streaming;
    this.#kept = room.stores.items.load(room.roomId, LIVE).get('');
  }

  /** Where one goes, only hosts see; people in breakout rooms are not streamed. */
  stateFor({ breakoutId, role }: Participant): LiveStream | null {
    const state = breakoutId === null ? this.#streaming.stateOf(this.#room.roomId) : null;
    return state && (isHost(role) ? state : { ...state, targets: [] });
  }

  /** As hosts see it, wherever they are. */
  get state(): LiveStream | null {
    return this.#streaming.stateOf(this.#room.roomId);
  }

  /**
   * Call within the turn of the room, and wait for `started` outside it.
   * Throws LIVE_RUNNING, LIVE_TARGET_INVALID, and what the streaming throws.
   */
  begin(by: Actor, { page = true, targets = [], layout = FIRST_LAYOUT }: StartParams) {
    if (this.#kept) throw new ParleyError('LIVE_RUNNING');
    if (!page && targets.length === 0) throw new ParleyError('LIVE_NOWHERE');
    const { identity, displayName } = by;
    const kept: Kept = {
      ...{ liveId: newLongId('LV'), startedAt: Date.now(), identity, displayName, page },
      ...{ targets: targets.map(targetOf), layoutKind: layout.kind, focus: layout.focus },
    };
    const { running } = this.#start(kept, false);
    starterAgrees(this.#room, by);
    this.#keep(kept);
    this.#remember(kept);
    this.#room.audit(by, 'live.start', {
      details: { liveId: kept.liveId, page, targets: kept.targets.map(labelOf) },
    });
    this.#tell('liveStarted', kept);
    const started = Promise.race([running, delay(START_WAIT_MS, undefined, { ref: false })]);
    running.catch((error: unknown) => this.#finish(kept.liveId, reasonOf(error)));
    return { liveId: kept.liveId, page: this.state?.page ?? null, started };
  }

  /** Throws LIVE_NOT_RUNNING. */
  stop(by: Person | null): void {
    const { liveId } = this.#get();
    this.#finish(liveId);
    this.#control({ type: 'stop' });
    this.#room.audit(by, 'live.stop', { details: { liveId } });
  }

  /** Throws LIVE_NOT_RUNNING, LIVE_TARGET_INVALID, LIVE_TOO_MANY_TARGETS. */
  addTarget(by: Actor, params: TargetParams): string {
    const kept = this.#get();
    if (kept.targets.length >= MAX_TARGETS) throw new ParleyError('LIVE_TOO_MANY_TARGETS');
    const target = targetOf(params);
    const changed = { ...kept, targets: [...kept.targets, target] };
    this.#keep(changed);
    this.#remember(changed);
    this.#control({ type: 'addTarget', target });
    this.#room.audit(by, 'live.addTarget', { details: { liveId: kept.liveId, target: labelOf(target) } });
    this.#tell('liveUpdated', changed);
    return target.targetId;
  }

  /** Throws LIVE_NOT_RUNNING, LIVE_TARGET_NOT_FOUND. */
  removeTarget(by: Actor, targetId: string): void {
    const kept = this.#get();
    const target = kept.targets.find((one) => one.targetId === targetId);
    if (!target) throw new ParleyError('LIVE_TARGET_NOT_FOUND');
    this.#keep({ ...kept, targets: kept.targets.filter((one) => one !== target) });
    this.#control({ type: 'removeTarget', targetId });
    this.#room.audit(by, 'live.removeTarget', { details: { liveId: kept.liveId, target: labelOf(target) } });
    this.targetChanged();
  }

  /** Throws LIVE_NOT_RUNNING. */
  setLayout(layout: PictureLayout): void {
    this.#keep({ ...this.#get(), layoutKind: layout.kind, focus: layout.focus });
    this.#control({ type: 'setLayout', layout });
    this.targetChanged();
  }

  /** What receivers of events see of the stream is different now. */
  targetChanged(): void {
    const layout = this.state?.layout;
    // A recording of the same picture may have arranged it anew.
    if (this.#kept && layout && layout.kind !== this.#kept.layoutKind)
      this.#keep({ ...this.#kept, layoutKind: layout.kind, focus: layout.focus });
    if (this.#kept) this.#tell('liveUpdated', this.#kept);
  }

  /** Who is in the room is different now: what the end of a former process had cut goes on; nobody is nothing to show. */
  update(): void {
    const isEmpty = this.#room.roster.visiblePeople.length === 0;
    if (isEmpty && this.#kept && !this.#emptyTimer) {
      this.#emptyTimer = setTimeout(() => this.#kept && this.stop(null), EMPTY_MS).unref();
    }
    if (isEmpty) return;
    this.close();
    if (this.#kept && !this.#isResumed && !this.state) this.#resume(this.#kept);
  }

  meetingEnded(): void {
    this.close();
    if (this.#kept) this.stop(null);
  }

  close(): void {
    clearTimeout(this.#emptyTimer);
    this.#emptyTimer = undefined;
  }

  /** The streaming has given up, or ended. */
  ended(liveId: string, why: string | undefined): void {
    if (this.#kept?.liveId !== liveId) return;
    this.#finish(liveId, why);
    if (why !== undefined) this.#tellHosts(`The live stream has ended. ${why}`);
  }

  #start(kept: Kept, goesOn: boolean) {
    const { liveId, startedAt, identity, displayName, page, targets, layoutKind, focus } = kept;
    this.#isResumed = true;
    return this.#streaming.begin(this.#room, {
      ...{ liveId, startedAt, by: { identity, displayName }, page, targets },
      layout: { kind: layoutKind, focus },
      goesOn,
    });
  }

  #resume(kept: Kept): void {
    try {
      this.#start(kept, true).running.catch((error: unknown) => this.#finish(kept.liveId, reasonOf(error)));
      this.#tell('liveUpdated', kept);
    } catch (err) {
      this.#room.logger.warn({ err, liveId: kept.liveId }, 'a live stream could not go on');
      const why = reasonOf(err);
      this.#tellHosts(`The live stream could not go on. ${why}`);
      this.#finish(kept.liveId, why);
    }
  }

  #tellHosts(message: string): void {
    this.#room.roster.tellHosts({ method: 'room.notice', params: { kind: 'notStreamed', message } });
  }

  #get(): Kept {
    if (!this.#kept) throw new ParleyError('LIVE_NOT_RUNNING');
    return this.#kept;
  }

  #control(action: LiveAction): void {
    this.#streaming.control(this.#room.roomId, action);
  }

  /** It is over; `why`, for people, where nobody asked for that. Doing so again does nothing. */
  #finish(liveId: string, why = ''): void {
    const kept = this.#kept;
    if (kept?.liveId !== liveId) return;
    const live = this.#shown(kept);
    const { liveStreams } = this.#room.stores;
    const endedAt = Date.now();
    const known = liveStreams.find(liveId);
    if (known) liveStreams.save(known.meetingId, { ...known.live, endedAt, message: why });
    this.#keep(undefined);
    this.#room.events.tell({ type: 'liveEnded', live: { ...live, endedAt, error: why } });
  }

  /** For the history of the meeting: where it went to, without the keys. */
  #remember({ liveId, startedAt, identity, displayName, page, targets }: Kept): void {
    const { stores, meetingId } = this.#room;
    const known = stores.liveStreams.find(liveId);
    const labels = new Set([...(known?.live.targets ?? []), ...targets.map(labelOf)]);
    const id = known?.meetingId ?? meetingId;
    if (id === null) return;
    stores.liveStreams.save(id, {
      ...{ liveId, startedAt, startedBy: { identity, displayName }, endedAt: null },
      ...{ hadPage: page, targets: [...labels], message: '' },
    });
  }

  #tell(type: 'liveStarted' | 'liveUpdated', kept: Kept): void {
    this.#room.events.tell({ type, live: { ...this.#shown(kept), endedAt: null, error: '' } });
  }

  /** As hosts see it; as it was asked for, where nothing runs (any more). */
  #shown({ liveId, startedAt, identity, page, layoutKind, focus }: Kept): LiveStream {
    if (this.state?.liveId === liveId) return this.state;
    return {
      ...{ liveId, startedAt, startedBy: identity, page: page ? `/live/${liveId}` : null, viewers: 0 },
      ...{ layout: { kind: layoutKind, focus }, targets: [] },
    };
  }

  #keep(kept: Kept | undefined): void {
    const { stores, roomId } = this.#room;
    this.#kept = kept;
    if (kept) stores.items.save(roomId, LIVE, { key: '', value: kept });
    else {
      this.#isResumed = false;
      stores.items.delete(roomId, LIVE, '');
    }
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof ParleyError ? error.message : 'The recorder cannot be started.';

const SLASH_IN_KEY =
  'The key has a “/”. What stands before it belongs to the address, and is shown; put it there if it is no secret.';

/** Throws LIVE_TARGET_INVALID. */
function targetOf({ url, key }: TargetParams): LiveTargetWish {
  // Put together with the address, a part of the key would be shown as the application.
  if (key?.split('?')[0]?.includes('/'))
    throw new ParleyError('LIVE_TARGET_INVALID', { message: SLASH_IN_KEY });
  const text = key === undefined ? url : `${url.replace(/\/+$/, '')}/${key}`;
  return { targetId: newId('TG'), url: RtmpUrl.parse(text.trim()).toSecretString() };
}

const labelOf = ({ url }: LiveTargetWish): string => RtmpUrl.parse(url).label;
