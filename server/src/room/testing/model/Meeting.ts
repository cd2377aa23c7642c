import { ParleyError, type SessionMethod } from '@parley/protocol';
import { microphone } from '../../../media/mediaFixtures.ts';
import { HostDesk } from '../../HostDesk.ts';
import type { Participant } from '../../Participant.ts';
import type { Room } from '../../Room.ts';
import { Waiting } from '../../Waiting.ts';
import { grantsFor, type RoomsHarness } from '../RoomsHarness.ts';
import type { PersonModel } from './MeetingModel.ts';
import { Witness } from './Witness.ts';

interface PersonThere {
  witness: Witness | undefined;
  waiting: Waiting | undefined;
  /** As whom they were in the meeting last: requests may come late. */
  participant: Participant | undefined;
  sendTransport: string;
}

export const ROOM = 'demo';
const BY = {
  identity: 'app',
  displayName: 'app',
  role: 'owner',
  isGuest: false,
  isIntegrator: true,
  ownsThisOnly: false,
  roomCreate: true,
  inviteId: undefined,
} as const;

/** The real meeting, and everybody's session of it. */
export class Meeting {
  readonly harness: RoomsHarness;
  readonly #people = new Map<string, PersonThere>();
  /** By number of the model. */
  readonly breakoutIds: string[] = [];
  readonly messageIds: string[] = [];
  /** Identities, by participantId and by publicationId. */
  readonly owners = new Map<string, string>();

  constructor(harness: RoomsHarness) {
    this.harness = harness;
  }

  get room(): Room {
    return this.harness.rooms.room(ROOM);
  }

  get desk(): HostDesk {
    return new HostDesk(this.harness.rooms);
  }

  get witnesses(): Witness[] {
    return [...this.#people.values()].flatMap(({ witness }) => witness ?? []);
  }

  get asIntegrator() {
    return { room: ROOM, by: BY };
  }

  get(identity: string): PersonThere {
    const known = this.#people.get(identity);
    if (known) return known;
    const person = { witness: undefined, waiting: undefined, participant: undefined, sendTransport: '' };
    this.#people.set(identity, person);
    return person;
  }

  /** Comes as a session does: with the one they have, or with a new one in another tab. */
  async join(
    { identity, tokenRole, isGuest, network, canSubscribe }: PersonModel,
    { newTab, shouldEnter, replaces }: { newTab: boolean; shouldEnter: boolean; replaces: boolean },
  ): Promise<void> {
    const person = this.get(identity);
    const goesOn = !newTab && person.witness?.open === true && !person.witness.inside;
    const witness = goesOn && person.witness ? person.witness : new Witness(identity);
    witness.inside = shouldEnter;
    const claims = { role: tokenRole, guest: isGuest, video: { room: ROOM, canSubscribe } };
    const outcome = await this.harness.rooms.join(grantsFor(identity, claims), { outlet: witness, network });
    const former = person.witness;
    person.witness = witness;
    if (former !== witness && former?.open) {
      if (replaces) witness.wrongs.push('the former session goes on');
      former.die();
    }
    if (outcome.state === 'knocking') {
      person.waiting = outcome.waiting;
      if (shouldEnter) witness.wrongs.push('has to wait');
      return;
    }
    if (!shouldEnter) witness.wrongs.push('came in');
    await this.#start(person, outcome.participant);
    // What the answer shows must not be more than what is told.
    const { breakoutId, participants, roomState } = outcome.answer;
    witness.heard.unshift(
      { method: 'room.moved', params: { breakoutId, name: '', reason: 'own', participants } },
      { method: 'room.stateUpdated', params: { roomState } },
    );
  }

  leave(identity: string, reason: 'left' | 'connectionLost'): Promise<void> {
    const { witness, participant, waiting } = this.get(identity);
    const place = witness?.inside ? participant : this.#placeInLobby(witness, waiting);
    if (witness) witness.die();
    return place?.leave(reason) ?? Promise.resolve();
  }

  setConnection(identity: string, connection: 'connected' | 'interrupted'): void {
    const { witness, participant, waiting } = this.get(identity);
    const place = witness?.inside ? participant : this.#placeInLobby(witness, waiting);
    place?.setConnection(connection);
  }

  /** As the handler of a request does it. */
  perform<T>(
    by: string,
    method: SessionMethod,
    task: (by: Participant, room: Room) => T | Promise<T>,
  ): Promise<T> {
    const { participant } = this.get(by);
    if (!participant) return Promise.reject(new ParleyError('WRONG_STATE'));
    const { room } = this;
    return room.perform(participant, method, () => task(participant, room));
  }

  participantId(identity: string): string {
    return this.get(identity).participant?.participantId ?? 'PA_never';
  }

  knockId(identity: string): string {
    return this.room.lobby.findByIdentity(identity)?.knockId ?? 'KN_none';
  }

  breakoutId(number: number | null): string | null {
    return number === null ? null : (this.breakoutIds[number] ?? 'BR_none');
  }

  async publish(identity: string): Promise<void> {
    const { sendTransport } = this.get(identity);
    const { publicationId } = await this.#inRoom(identity).publish(microphone(sendTransport));
    this.owners.set(publicationId, identity);
  }

  async unpublish(identity: string): Promise<void> {
    const participant = this.#inRoom(identity);
    const publicationId = participant.info.publications[0]?.publicationId ?? 'PU_none';
    await participant.unpublish({ publicationId });
  }

  crash(): void {
    for (const person of this.#people.values()) {
      person.witness?.die();
      person.waiting = undefined;
      person.participant = undefined;
    }
    this.harness.crash();
  }

  /** What a browser does as soon as it is in. */
  async #start(person: PersonThere, participant: Participant): Promise<void> {
    person.participant = participant;
    this.owners.set(participant.participantId, participant.identity);
    const { rtpCapabilities } = this.harness.mediaRooms.at(-1) ?? {};
    if (!rtpCapabilities) throw new Error('There is no media room');
    await participant.createTransport({ direction: 'recv', rtpCapabilities });
    person.sendTransport = (await participant.createTransport({ direction: 'send' })).transportId;
  }

  /** Requests about media do not go through the turn of the room. */
  #inRoom(identity: string): Participant {
    const { participant } = this.get(identity);
    if (!participant) throw new ParleyError('WRONG_STATE');
    return participant;
  }

  #placeInLobby(witness: Witness | undefined, waiting: Waiting | undefined): Waiting | undefined {
    return witness?.sentBackTo instanceof Waiting ? witness.sentBackTo : waiting;
  }
}
