import type { PromptName } from '@parley/protocol/phoneProcess';
import type { Room } from '../../room/Room.ts';
import type { JoinGrants } from '../../auth/grants.ts';
import { SerialQueue } from '../../util/SerialQueue.ts';
import type { Call } from './Call.ts';
import { pressKey } from './keys.ts';
import type { Leg, LegEvent } from './Leg.ts';
import { grantsOf, identityOf, networkOfCall } from './grants.ts';
import { Visit, type VisitTools } from './Visit.ts';

export interface RoomLegTools extends VisitTools {
  /** undefined when it is not there. */
  findRoom(name: string): Room | undefined;
}

/** A leg that becomes a phone in a room: what all of those do, whoever called. */
export abstract class RoomLeg implements Leg {
  readonly call: Call;
  readonly #tools: RoomLegTools;
  readonly #queue = new SerialQueue();
  #visit: Visit | undefined;

  constructor(call: Call, tools: RoomLegTools) {
    this.call = call;
    this.#tools = tools;
  }

  /** Where it is in a room; undefined before that. */
  protected get visit(): Visit | undefined {
    return this.#visit;
  }

  handle(event: LegEvent): void {
    switch (event.type) {
      case 'progress':
        this.call.setState(event.state);
        if (event.state === 'earlyMedia') this.sounds();
        return;
      case 'answered':
        this.call.setAnswered(event.at, event.codec);
        this.#visit?.showLink();
        return this.answered();
      case 'held':
        this.call.setHeld(event.held);
        return this.#visit?.showLink();
      case 'key':
        return this.do(async () => {
          if (this.#visit) await pressKey(this.call, this.#visit, event.action);
        });
      case 'ended':
        this.call.finish(event.end);
        this.#visit?.leave(event.end.by === 'server' ? 'connectionLost' : 'left');
        return;
      default:
    }
  }

  /** Leaves its room and comes into this one, where it was handed over to. Resolves when it is there. */
  async moveTo(room: Room): Promise<void> {
    this.#visit?.leave('left');
    const identity = this.freeIdentity(room.name);
    const { displayName } = this.call.shown;
    room.members.update(identity, { admission: 'admitted' });
    const grants = grantsOf(this.call, { room: room.name, identity, displayName, role: 'participant' });
    this.#visit = new Visit(this.call, { grants, network: networkOfCall(this.call) }, this.#tools);
    await this.#visit.enter(null);
  }

  /** Two who call from one number are two people. */
  protected freeIdentity(room: string): string {
    const roster = this.#tools.findRoom(room)?.roster;
    for (let nth = 1; ; nth += 1) {
      const identity = identityOf(room, this.call.number, nth);
      if (!roster?.findByIdentity(identity)) return identity;
    }
  }

  /** Comes into the room; once. */
  protected begin(who: { grants: JoinGrants; network: string }, prompt: PromptName | null): void {
    if (this.#visit || this.call.isOver) return;
    this.#visit = new Visit(this.call, who, this.#tools);
    void this.#visit.enter(prompt);
  }

  /** Is the sound of somebody in the room; once. */
  protected speakFor(stay: NonNullable<Visit['stay']>): void {
    if (this.#visit || this.call.isOver) return;
    const { grants } = stay.participant;
    this.#visit = new Visit(this.call, { grants, network: '' }, this.#tools);
    this.#visit.speakFor(stay);
  }

  /** It was answered. */
  protected abstract answered(): void;

  /** It sounds, and was not answered yet. */
  protected sounds(): void {
    // Of no matter to calls that come in.
  }

  /** What was under way has failed. */
  protected failed(): void {
    this.call.hangUp('server', 'The call could not be connected.', 'try-later');
  }

  protected do(task: () => Promise<void>): void {
    this.#queue.run(task).catch((err: unknown) => {
      this.call.logger.error({ err }, 'something of a call has failed');
      if (!this.call.isOver && !this.#visit) this.failed();
    });
  }
}
