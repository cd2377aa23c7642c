import type { Participant } from './Participant.ts';
import type { RoomCore } from './RoomCore.ts';

/** Who may admit from the lobby while no host is there, as the room's setting `successor` says. */
export class Succession {
  readonly #room: RoomCore;
  readonly #delay: number;
  #successor: Participant | undefined;
  #hostWasPresent = false;
  #timer: NodeJS.Timeout | undefined;
  #due = false;

  /** `delay` is how long there has to be no host before somebody else may admit, in ms. */
  constructor(room: RoomCore, delay: number) {
    this.#room = room;
    this.#delay = delay;
  }

  get successor(): Participant | undefined {
    return this.#successor;
  }

  /** Who is there, their roles or connections, or the setting changed. Gives whether the presence of a host did. */
  update(): boolean {
    const { hostPresent, size } = this.#room.roster;
    const changed = hostPresent !== this.#hostWasPresent;
    this.#hostWasPresent = hostPresent;
    if (hostPresent || size === 0) this.#rest();
    else if (this.#due) this.#choose();
    else
      this.#timer ??= setTimeout(() => {
        void this.#room.run(() => {
          this.#due = true;
          this.#choose();
        });
      }, this.#delay).unref();
    return changed;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #rest(): void {
    this.close();
    this.#due = false;
    this.#set(undefined);
  }

  #choose(): void {
    if (this.#room.roster.hostPresent) return;
    this.#set(this.#findCandidate());
  }

  /** The one who has been there longest; whoever it is stays so as long as they can. */
  #findCandidate(): Participant | undefined {
    const { successor } = this.#room.settings;
    if (successor === 'nobody') return undefined;
    const candidates = this.#room.roster.visible.filter(
      ({ connected, role, grants }) =>
        connected && role === 'participant' && (successor === 'anyone' || !grants.isGuest),
    );
    return candidates.find((candidate) => candidate === this.#successor) ?? candidates[0];
  }

  #set(successor: Participant | undefined): void {
    if (this.#successor === successor) return;
    this.#successor = successor;
    if (successor) this.#room.audit(null, 'lobby.successor', { to: successor });
    this.#room.rightsChanged();
  }
}
