import {
  ParleyError,
  type AnyNotification,
  type Knock,
  type Knocker,
  type LeaveReason,
} from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import { newId } from '../util/ids.ts';
import { personOf } from './actors.ts';
import type { Participant } from './Participant.ts';
import type { Outlet } from './ports.ts';
import type { Actor, RoomCore } from './RoomCore.ts';
import { sessionEndOf } from './sessionEnds.ts';
import { KNOCKS, Waiting, type KnockRecord, type WaitingHost } from './Waiting.ts';

const MAX_WAITING = 500;
/** How long the server keeps a place for somebody who waited when it was started anew, in ms. */
const RETURN_WINDOW_MS = 60_000;

/** People who knocked and wait to be let in, longest first. */
export class Lobby implements WaitingHost {
  readonly #room: RoomCore;
  readonly #waiting = new Map<string, Waiting>();
  #returnTimer: NodeJS.Timeout | undefined;
  #lastSince = 0;

  constructor(room: RoomCore) {
    this.#room = room;
    const records = [...room.stores.items.load(room.roomId, KNOCKS).values()];
    for (const record of records.sort((a, b) => a.since - b.since)) {
      this.#waiting.set(record.knockId, new Waiting(record, this));
      this.#lastSince = record.since;
      // Whoever bans them now keeps out the others of their network, too.
      if (record.network !== undefined) room.bans.noteNetwork(record.identity, record.network);
    }
    if (this.#waiting.size > 0)
      this.#returnTimer = setTimeout(() => void room.run(() => this.#forgetLost()), RETURN_WINDOW_MS).unref();
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Who waits, longest first, as those see them who decide. */
  get people(): Knocker[] {
    return [...this.#waiting.values()].map(({ info }) => info);
  }

  /** Lets somebody wait; who waits already keeps their place. Throws LIMIT_REACHED. */
  knock(grants: JoinGrants, options: { outlet: Outlet; displayName: string }): Waiting {
    const former = this.findByIdentity(grants.identity);
    if (former) {
      former.replaceBy(options.outlet, sessionEndOf('duplicateIdentity'));
      this.#changed();
      return former;
    }
    if (this.#waiting.size >= MAX_WAITING)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'lobby', max: MAX_WAITING } });
    const waiting = this.#add(grants, options);
    this.#room.logger.info({ identity: grants.identity, knockId: waiting.knockId }, 'knocked');
    return waiting;
  }

  /** What somebody who waits may know. */
  knockOf({ record }: Waiting): Knock {
    const { settings, name, roster } = this.#room;
    return {
      knockId: record.knockId,
      since: record.since,
      title: settings.title || name,
      text: settings.lobbyText,
      hostPresent: roster.hostPresent,
    };
  }

  findByIdentity(identity: string): Waiting | undefined {
    for (const waiting of this.#waiting.values()) if (waiting.identity === identity) return waiting;
    return undefined;
  }

  /** Throws KNOCK_NOT_FOUND. */
  admit(by: Actor, knockId: string): void {
    const waiting = this.#get(knockId);
    this.#letIn(waiting, by);
    this.#changed();
  }

  admitAll(by: Actor): void {
    for (const waiting of [...this.#waiting.values()]) this.#letIn(waiting, by);
    this.#changed();
  }

  /** Throws KNOCK_NOT_FOUND. */
  deny(by: Actor, knockId: string, ban: boolean): void {
    const waiting = this.#get(knockId);
    this.#room.stores.atomically(() => {
      this.#room.audit(by, ban ? 'lobby.ban' : 'lobby.deny', { to: waiting.record });
      if (ban) {
        this.#room.bans.add(waiting.record, by);
        this.#room.invites.revokeOf(waiting.identity, by);
      }
      this.#remove(waiting);
      this.#room.events.tell({ type: 'denied', knock: waiting.record, banned: ban, by: personOf(by) });
    });
    waiting.end(sessionEndOf(ban ? 'banned' : 'denied'));
    this.#changed();
  }

  /** To one, or to all. Throws KNOCK_NOT_FOUND. */
  message(by: Actor, { knockId, text }: { knockId?: string; text: string }): void {
    const receivers = knockId === undefined ? [...this.#waiting.values()] : [this.#get(knockId)];
    for (const waiting of receivers)
      waiting.notify({ method: 'knock.message', params: { text, from: by.displayName } });
  }

  /** Somebody who was in the room waits from now on, and knows it. */
  sendBack(participant: Participant): Waiting {
    const { grants, outlet, displayName } = participant;
    const waiting = this.#add(grants, { outlet, displayName });
    if (!participant.connected) waiting.setConnection('interrupted');
    waiting.notify({ method: 'knock.sentBack', params: { knock: this.knockOf(waiting) } });
    return waiting;
  }

  /** Whoever may admit sees who waits. */
  tell(participant: Participant): void {
    participant.notify(this.#news);
  }

  /** The room's text or the presence of hosts changed. */
  roomChanged(): void {
    for (const waiting of this.#waiting.values())
      waiting.notify({ method: 'knock.updated', params: { knock: this.knockOf(waiting) } });
  }

  /** Somebody is in who may have waited: what was decided about them or about the lobby is another now. */
  entered({ identity, outlet }: Participant): void {
    const waiting = this.findByIdentity(identity);
    if (!waiting) return;
    this.#remove(waiting);
    waiting.replaceBy(outlet, sessionEndOf('duplicateIdentity'));
    this.#changed();
  }

  connectionChanged(): void {
    this.#changed();
  }

  leave(waiting: Waiting, reason: LeaveReason): Promise<void> {
    return this.#room.run(() => {
      if (this.#waiting.get(waiting.knockId) !== waiting) return;
      this.#remove(waiting);
      this.#left(waiting, reason);
      this.#room.logger.info({ knockId: waiting.knockId, reason }, 'left the lobby');
      this.#changed();
    });
  }

  /** Nobody waits any more: the meeting was ended or the room is gone. */
  close(reason: LeaveReason): void {
    clearTimeout(this.#returnTimer);
    for (const waiting of this.#waiting.values()) {
      // When the server is started anew, they find their place again.
      if (reason !== 'serverShutdown') {
        this.#room.stores.items.delete(this.#room.roomId, KNOCKS, waiting.knockId);
        this.#left(waiting, reason);
      }
      waiting.end(sessionEndOf(reason));
    }
    this.#waiting.clear();
  }

  get #news(): AnyNotification {
    return {
      method: 'lobby.updated',
      params: { people: this.people },
    };
  }

  #add(grants: JoinGrants, { outlet, displayName }: { outlet: Outlet; displayName: string }): Waiting {
    const { identity, kind, isGuest } = grants;
    const network = this.#room.bans.networkOf(identity);
    // Two who knock in one millisecond keep their order when the server is started anew.
    const since = (this.#lastSince = Math.max(Date.now(), this.#lastSince + 1));
    const record: KnockRecord = {
      knockId: newId('KN'),
      ...{ identity, displayName, kind, isGuest, since },
      ...(network !== undefined && { network }),
    };
    const { stores, events, roomId } = this.#room;
    stores.atomically(() => {
      stores.items.save(roomId, KNOCKS, { key: record.knockId, value: record });
      events.tell({ type: 'knocked', knock: record });
    });
    const waiting = new Waiting(record, this, outlet);
    this.#waiting.set(record.knockId, waiting);
    this.#changed();
    return waiting;
  }

  #letIn(waiting: Waiting, by: Actor): void {
    // That they may come in and that they no longer wait is on disk together, so that a crash loses nobody.
    this.#room.stores.atomically(() => {
      this.#room.audit(by, 'lobby.admit', { to: waiting.record });
      this.#room.members.update(waiting.identity, { admission: 'admitted' });
      this.#remove(waiting);
      this.#room.events.tell({ type: 'admitted', knock: waiting.record, by: personOf(by) });
    });
    waiting.admit();
  }

  #remove({ knockId }: Waiting): void {
    this.#waiting.delete(knockId);
    this.#room.stores.items.delete(this.#room.roomId, KNOCKS, knockId);
  }

  #forgetLost(): void {
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.connected) continue;
      this.#remove(waiting);
      this.#left(waiting, 'connectionLost');
    }
    this.#changed();
  }

  #left({ record }: Waiting, reason: LeaveReason): void {
    this.#room.events.tell({ type: 'leftLobby', knock: record, reason });
  }

  #changed(): void {
    for (const participant of this.#room.roster.all)
      if (participant.permissions.canAdmit) participant.notify(this.#news);
  }

  #get(knockId: string): Waiting {
    const waiting = this.#waiting.get(knockId);
    if (!waiting) throw new ParleyError('KNOCK_NOT_FOUND');
    return waiting;
  }
}
