import type { RoomSettings } from '@parley/protocol';
import { EndTimer } from './EndTimer.ts';

/** A room that nobody has joined yet waits at least this long. */
const FIRST_JOIN_SECONDS = 60;

/** What the clock has to know of its room. */
export interface ClockedRoom {
  readonly settings: RoomSettings;
  readonly meetingStartedAt: number | null;
  readonly isEmpty: boolean;
  readonly hostPresent: boolean;
}

/** Ends meetings: when nobody is there, when no host is, or when the time is over. */
export class MeetingClock {
  readonly #room: ClockedRoom;
  readonly #listener: { emptied(): void; over(): void; warn(endsAt: number): void };
  readonly #end: EndTimer;
  #endsAt: number | null = null;
  #emptyTimer: NodeJS.Timeout | undefined;
  #hostTimer: NodeJS.Timeout | undefined;

  constructor(room: ClockedRoom, listener: { emptied(): void; over(): void; warn(endsAt: number): void }) {
    this.#room = room;
    this.#listener = listener;
    this.#end = new EndTimer(listener);
  }

  /** When the meeting ends at the latest; milliseconds since the epoch. */
  get endsAt(): number | null {
    const { meetingStartedAt, settings } = this.#room;
    if (meetingStartedAt === null) return null;
    const ends = [
      ...(settings.maxDuration > 0 ? [meetingStartedAt + settings.maxDuration * 1000] : []),
      ...(settings.closesAt === null ? [] : [settings.closesAt]),
    ];
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** Who is there or what was set changed. */
  update(): void {
    this.#watchEnd();
    this.#watchEmptiness();
    this.#watchHosts();
  }

  close(): void {
    clearTimeout(this.#emptyTimer);
    clearTimeout(this.#hostTimer);
    this.#end.set(null);
    this.#endsAt = null;
  }

  #watchEnd(): void {
    if (this.#endsAt === this.endsAt) return;
    this.#endsAt = this.endsAt;
    this.#end.set(this.#endsAt);
  }

  #watchEmptiness(): void {
    clearTimeout(this.#emptyTimer);
    if (!this.#room.isEmpty) return;
    const { emptyTimeout } = this.#room.settings;
    // Whoever made the room has yet to arrive, so even a timeout of 0 leaves them time to do so.
    const seconds =
      this.#room.meetingStartedAt === null ? Math.max(emptyTimeout, FIRST_JOIN_SECONDS) : emptyTimeout;
    this.#emptyTimer = setTimeout(() => this.#listener.emptied(), seconds * 1000).unref();
  }

  #watchHosts(): void {
    const { settings, hostPresent, isEmpty } = this.#room;
    if (hostPresent || isEmpty || settings.hostAbsentTimeout === 0) {
      clearTimeout(this.#hostTimer);
      this.#hostTimer = undefined;
      return;
    }
    this.#hostTimer ??= setTimeout(() => {
      this.#hostTimer = undefined;
      this.#listener.over();
    }, settings.hostAbsentTimeout * 1000).unref();
  }
}
