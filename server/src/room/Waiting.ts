import type { AnyNotification, Knocker, LeaveReason, ParticipantKind } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import type { ItemKind, Outlet, Place, SessionEnd } from './ports.ts';

export const KnockRecord = Type.Object({
  knockId: Type.String(),
  identity: Type.String(),
  displayName: Type.String(),
  kind: Type.Unsafe<ParticipantKind>(Type.String()),
  isGuest: Type.Boolean(),
  since: Type.Integer(),
  /** Network that a guest comes from, in case they are banned; nobody is shown it. */
  network: Type.Optional(Type.String()),
});
export type KnockRecord = Static<typeof KnockRecord>;
export const KNOCKS: ItemKind<typeof KnockRecord> = { kind: 'knock', schema: KnockRecord, lasting: false };

/** What somebody who waits tells the lobby. */
export interface WaitingHost {
  connectionChanged(waiting: Waiting): void;
  leave(waiting: Waiting, reason: LeaveReason): Promise<void>;
}

/** Somebody in the lobby. There is nothing of the room here that they could reach. */
export class Waiting implements Place {
  readonly record: KnockRecord;
  readonly #host: WaitingHost;
  /** There is none while a server that was started anew waits for them to come back. */
  #outlet: Outlet | undefined;
  #connection: Knocker['connection'];
  #admitted = false;

  constructor(record: KnockRecord, host: WaitingHost, outlet?: Outlet) {
    this.record = record;
    this.#host = host;
    this.#outlet = outlet;
    this.#connection = outlet ? 'connected' : 'interrupted';
  }

  get knockId(): string {
    return this.record.knockId;
  }

  get identity(): string {
    return this.record.identity;
  }

  get connected(): boolean {
    return this.#connection === 'connected';
  }

  /** As those see them who decide. */
  get info(): Knocker {
    const { knockId, identity, displayName, kind, isGuest, since } = this.record;
    return { knockId, identity, displayName, kind, isGuest, since, connection: this.#connection };
  }

  notify(notification: AnyNotification): void {
    this.#outlet?.notify(notification);
  }

  setConnection(connection: Knocker['connection']): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    if (!this.#admitted) this.#host.connectionChanged(this);
  }

  /** Stops waiting. Calling it again does nothing. */
  leave(reason: LeaveReason): Promise<void> {
    return this.#host.leave(this, reason);
  }

  /** They may come in. The session goes on: it is they who join. */
  admit(): void {
    this.#admitted = true;
    this.notify({ method: 'knock.admitted', params: {} });
  }

  end(end: SessionEnd): void {
    this.#outlet?.end(end);
  }

  /** Somebody of the same identity waits on in their place. */
  replaceBy(outlet: Outlet, end: SessionEnd): void {
    const former = this.#outlet;
    this.#outlet = outlet;
    this.#connection = 'connected';
    if (former && former !== outlet) former.end(end);
  }
}
