import type { AnyNotification } from '@parley/protocol';
import type { Outlet, Place, SessionEnd } from '../../ports.ts';

/** The session of one person: remembers what they are told, and notices at once what they must not be told at all. */
export class Witness implements Outlet {
  readonly identity: string;
  /** What was told since it was last looked at. */
  heard: AnyNotification[] = [];
  /** What should not have been told. */
  readonly wrongs: string[] = [];
  /** Owners of what they receive, as participantId, by consumer. */
  readonly consumers = new Map<string, string>();
  inside = false;
  ended: SessionEnd | undefined;
  sentBackTo: Place | undefined;
  #dead = false;

  constructor(identity: string) {
    this.identity = identity;
  }

  get open(): boolean {
    return !this.#dead && this.ended === undefined;
  }

  /** They hung up, or the server that spoke to them is gone. */
  die(): void {
    this.#dead = true;
    this.#leave();
  }

  notify(notification: AnyNotification): void {
    if (this.#dead) return;
    const { method } = notification;
    if (this.ended) this.wrongs.push(`${method} after the end`);
    if (!this.inside && !method.startsWith('knock.')) this.wrongs.push(`${method} while outside`);
    if (this.inside && method.startsWith('knock.') && method !== 'knock.sentBack')
      this.wrongs.push(`${method} while inside`);
    this.heard.push(notification);
    if (notification.method === 'media.consumerCreated')
      this.consumers.set(notification.params.consumerId, notification.params.participantId);
    if (notification.method === 'media.consumerClosed') this.consumers.delete(notification.params.consumerId);
    if (method === 'knock.sentBack') this.#leave();
  }

  end(end: SessionEnd): void {
    if (this.#dead) return;
    if (this.ended) this.wrongs.push(`ended twice: ${end.reason}`);
    this.ended = end;
    this.#leave();
  }

  sentToLobby(place: Place): void {
    if (this.#dead) return;
    this.sentBackTo = place;
    this.#leave();
  }

  #leave(): void {
    this.inside = false;
    this.consumers.clear();
  }
}
