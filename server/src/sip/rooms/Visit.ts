import { isDeepStrictEqual } from 'node:util';
import type { AnyNotification, JoinedRoom, ParticipantInfo, PublicationInfo } from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import type { LegPlace, PromptName } from '@parley/protocol/phoneProcess';
import type { JoinGrants } from '../../auth/grants.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Participant } from '../../room/Participant.ts';
import type { Ear } from '../../room/phonePorts.ts';
import type { Outlet, Place, SessionEnd } from '../../room/ports.ts';
import type { Room } from '../../room/Room.ts';
import type { Rooms } from '../../room/Rooms.ts';
import { MAIN_ZONE } from '../../media/zones.ts';
import { SerialQueue } from '../../util/SerialQueue.ts';
import type { Call } from './Call.ts';
import type { PhoneZones, ZoneUser } from './PhoneZones.ts';
import { openUplink, type OpenUplink } from './uplink.ts';
import { promptOfEnd, promptOfError } from './words.ts';

export interface VisitTools {
  rooms: Pick<Rooms, 'join'>;
  zones: PhoneZones;
  /** Whether the room is there for one call alone. */
  isForCall(room: string): boolean;
  logger: Logger;
}

/** How soon it is tried again to give a phone its sound, and how long it takes at the most where it fails again and again, ms. */
const [RETRY_MS, LONGEST_RETRY_MS] = [1000, 30_000];

/** Whoever speaks by the phone, in their room. */
interface Stay {
  participant: Participant;
  room: Room;
}

/**
 * A phone in a room, or in its lobby: somebody as everybody else, who is told by prompts what others see, and asks by keys
 * for what others click.
 */
export class Visit implements Outlet, ZoneUser, Ear {
  readonly #call: Call;
  readonly #grants: JoinGrants;
  readonly #network: string;
  readonly #tools: VisitTools;
  readonly #queue = new SerialQueue();
  #stay: Stay | undefined;
  #waiting: Place | undefined;
  #uplink: OpenUplink | undefined;
  #isRecorded = false;
  #handUp = false;
  #isBorrowed = false;
  #startsMuted = false;
  #over = false;
  /** How often in a row it could not be given its sound. */
  #failures = 0;

  constructor(call: Call, who: { grants: JoinGrants; network: string }, tools: VisitTools) {
    this.#call = call;
    this.#grants = who.grants;
    this.#network = who.network;
    this.#tools = tools;
  }

  /** The room they are in; undefined in the lobby. */
  get stay(): Stay | undefined {
    return this.#over ? undefined : this.#stay;
  }

  /** Comes in, or waits in the lobby; who may do neither hears why, and the call ends. */
  enter(prompt: PromptName | null): Promise<void> {
    return this.#do(async () => {
      if (this.#over) return;
      try {
        const outcome = await this.#tools.rooms.join(this.#grants, { outlet: this, network: this.#network });
        if (outcome.state === 'joined') await this.#begin(outcome, outcome.answer, prompt);
        else this.#wait(outcome.waiting);
      } catch (error) {
        const why = error instanceof ParleyError ? error.message : 'The room could not be entered.';
        if (!(error instanceof ParleyError))
          this.#call.logger.error({ err: error }, 'a phone could not come in');
        this.#call.hangUp('server', why, promptOfError(error));
      }
    });
  }

  /** Is the sound of somebody who is in the room already, and whose computer falls silent. */
  speakFor(stay: Stay): void {
    this.#isBorrowed = true;
    this.#stay = stay;
    this.#startsMuted = this.microphone?.muted ?? false;
    stay.participant.setEar(this);
    stay.participant.setPhone(this.#call.link);
    this.#settleLater(null);
  }

  /** Somebody whose sound it was has gone. */
  left(): void {
    this.#gone();
    this.#call.hangUp('server', 'Whoever spoke by the phone has left the meeting.', 'goodbye');
  }

  soundLost(): void {
    this.#settleLater(null);
  }

  /** The call is over: they leave, wherever they are. */
  leave(reason: 'left' | 'connectionLost'): void {
    this.#over = true;
    this.#tools.zones.leave(this);
    if (this.#isBorrowed) return this.#giveBack();
    const place = this.#waiting ?? this.#stay?.participant;
    place?.leave(reason).catch((err: unknown) => this.#call.logger.error({ err }, 'leaving failed'));
  }

  notify(notification: AnyNotification): void {
    if (this.#over) return;
    const { method, params } = notification;
    switch (method) {
      case 'knock.admitted':
        this.#waiting = undefined;
        return void this.enter('admitted');
      case 'media.reset':
        return this.#settleLater(null);
      case 'room.moved':
        return this.#settleLater(params.breakoutId === null ? 'back-in-main' : 'moved-to-breakout');
      case 'self.askedToUnmute':
        return this.#call.say('ask-unmute');
      case 'self.unmuteAnswered':
        return this.#call.say(params.allowed ? 'ask-unmute' : 'not-allowed');
      case 'self.permissions':
        return this.#permissionsChanged();
      case 'room.egressUpdated':
        return this.#recordedChanged(params.egress, true);
      case 'publication.updated':
        return this.#publicationUpdated(params);
      case 'participant.updated':
        return this.#updated(params.participant);
      case 'participant.left':
        return this.#leftAlone();
      default:
    }
  }

  end({ reason, message }: SessionEnd): void {
    const by = reason === 'removed' || reason === 'banned' || reason === 'denied' ? 'host' : 'server';
    this.#gone();
    this.#call.hangUp(by, message, promptOfEnd(reason));
  }

  sentToLobby(place: Place): void {
    this.#stay = undefined;
    this.#uplink = undefined;
    this.#wait(place);
  }

  zoneLost(): void {
    this.#settleLater(null);
  }

  /** The call was answered, put on hold or taken back: everybody sees it. */
  showLink(): void {
    const { link } = this.#call;
    const participant = this.stay?.participant;
    if (participant && !isDeepStrictEqual(participant.info.phone, link)) participant.setPhone(link);
  }

  /** They speak from now on, or do no longer. Throws UNMUTE_NEEDS_APPROVAL, PUBLICATION_NOT_FOUND. */
  async setMuted(muted: boolean): Promise<void> {
    const microphone = this.microphone;
    if (!microphone || !this.#stay) throw new ParleyError('PUBLICATION_NOT_FOUND');
    const { participant } = this.#stay;
    // The computer of whom it speaks for shows it, too.
    const by = this.#isBorrowed ? participant.identity : undefined;
    await participant.setMuted({ publicationId: microphone.publicationId, muted }, by);
    this.#call.send({ type: 'setMuted', muted });
  }

  get microphone(): PublicationInfo | undefined {
    return this.#stay?.participant.info.publications.find(({ source }) => source === 'microphone');
  }

  #wait(place: Place): void {
    if (this.#over) return void place.leave('left');
    this.#waiting = place;
    this.#tools.zones.leave(this);
    this.#call.send({ type: 'place', place: { kind: 'waiting', prompt: 'waiting-for-host' } });
  }

  async #begin(stay: Stay, { egress, participants }: JoinedRoom, prompt: PromptName | null): Promise<void> {
    this.#waiting = undefined;
    this.#stay = stay;
    if (this.#over) return this.leave('left');
    this.showLink();
    const isAlone = participants.every(({ kind }) => kind === 'recorder');
    const saysSo = isAlone && this.#call.facts.direction === 'in' && !this.#isForCall;
    await this.#settle(prompt ?? (saysSo ? 'you-are-alone' : null));
    this.#recordedChanged(egress, false);
  }

  #settleLater(prompt: PromptName | null): void {
    void this.#do(() => this.#settle(prompt));
  }

  /** Makes the sound of both sides go where they are now. */
  async #settle(prompt: PromptName | null): Promise<void> {
    const { stay } = this;
    if (!stay) return;
    const { participant, room } = stay;
    const { participantId, identity, breakoutId } = participant;
    this.#call.setSeat({ room: room.calls, participantId, identity, breakoutId });
    try {
      const way = await this.#tools.zones.enter(this, room, breakoutId ?? MAIN_ZONE);
      this.#uplink = await openUplink(stay, way, { startsMuted: this.#startsMuted });
      // Whoever is allowed to speak only later decides themselves when they do.
      this.#startsMuted = true;
      const muted = this.microphone?.muted ?? true;
      // Others are told with their publication; their own computer is not.
      if (this.#isBorrowed) participant.setPhone(this.#call.link);
      const place: LegPlace = {
        ...{ kind: 'zone', zoneId: way.zoneId, participantId, muted, prompt },
        uplink: this.#uplink ?? null,
      };
      this.#failures = 0;
      if (this.stay !== stay) return;
      this.#call.send({ type: 'place', place });
      this.#tools.zones.leave(this, way.zoneId);
    } catch (error) {
      this.#handleNoSound(error, prompt);
    } finally {
      if (this.#over || !this.#stay) this.#tools.zones.leave(this);
    }
  }

  /** The media of the room, or the mixer, may be starting anew: then it is tried again. */
  #handleNoSound(error: unknown, prompt: PromptName | null): void {
    if (!this.stay || this.stay.participant.left) return;
    const isPassing = error instanceof ParleyError && error.code === 'MEDIA_UNAVAILABLE';
    this.#call.logger[isPassing ? 'info' : 'error']({ err: error }, 'a phone has no sound');
    const wait = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    if (isPassing) setTimeout(() => this.#settleLater(prompt), wait).unref();
    else this.#call.hangUp('server', 'The sound could not be set up.', 'try-later');
  }

  /** They may speak now who could not, or the other way round. */
  #permissionsChanged(): void {
    const { stay } = this;
    if (!stay) return;
    const may = stay.participant.permissions.canPublishSources.includes('microphone');
    if (may !== (this.microphone !== undefined)) this.#settleLater(null);
  }

  #publicationUpdated({
    participantId,
    publication,
    by,
  }: {
    participantId: string;
    publication: PublicationInfo;
    by?: string;
  }): void {
    const own = this.#stay?.participant;
    if (by === undefined || by === own?.identity || participantId !== own?.participantId) return;
    const { muted } = publication;
    this.#call.send({ type: 'setMuted', muted });
    this.#call.say(muted ? 'muted' : 'unmuted');
  }

  #updated({ participantId, displayName, raisedHandAt }: ParticipantInfo): void {
    if (participantId !== this.#stay?.participant.participantId) return;
    this.#call.setDisplayName(displayName);
    const isUp = raisedHandAt !== null;
    if (isUp === this.#handUp) return;
    this.#handUp = isUp;
    this.#call.say(isUp ? 'hand-raised' : 'hand-lowered');
  }

  get #isForCall(): boolean {
    return this.#tools.isForCall(this.#grants.room);
  }

  /** A call is over when one of two has gone. */
  #leftAlone(): void {
    if (!this.#isForCall || this.#stay?.room.roster.visiblePeople.length !== 1) return;
    this.#call.hangUp('server', 'The other side has hung up.', null);
  }

  #recordedChanged({ recordings, live }: JoinedRoom['egress'], tellsEnd: boolean): void {
    const isRecorded =
      live !== null || recordings.some(({ state }) => state === 'starting' || state === 'recording');
    if (isRecorded === this.#isRecorded) return;
    this.#isRecorded = isRecorded;
    // Who has not agreed is told what to press.
    const begun = this.#stay?.participant.isRecordable === false ? 'recording-asked' : 'recording-on';
    if (isRecorded || tellsEnd) this.#call.say(isRecorded ? begun : 'recording-off');
  }

  #giveBack(): void {
    const participant = this.#stay?.participant;
    if (!participant || participant.left) return;
    participant.setEar(undefined);
    participant.setPhone(undefined);
  }

  #gone(): void {
    this.#over = true;
    this.#waiting = undefined;
    this.#tools.zones.leave(this);
  }

  /** Never rejects. */
  #do(task: () => Promise<void>): Promise<void> {
    return this.#queue
      .run(task)
      .catch((err: unknown) => this.#call.logger.error({ err }, 'something of a phone has failed'));
  }
}
