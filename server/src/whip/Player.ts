import {
  ParleyError,
  type AnyNotification,
  type ParticipantInfo,
  type PublicationInfo,
} from '@parley/protocol';
import type { PlayerOffer } from '../media/sdp/answerPlayer.ts';
import type { MediaKind } from '../media/sdp/description.ts';
import { FORWARDED } from '../media/sdp/forwarded.ts';
import {
  PLAYER_MIDS,
  readPlayerAnswer,
  writePlayerOffer,
  type PlayerAnswer,
} from '../media/sdp/offerPlayer.ts';
import type { Composites, Viewing } from './Composites.ts';
import type { HttpSession } from './HttpSession.ts';
import type { Watched } from './watched.ts';

/**
 * A player by WHEP (draft-ietf-wish-whep): it offers and is answered, or asks for an offer and answers it. Who is watched may
 * leave and return: their streams take the same places.
 */
export class Player {
  readonly #session: HttpSession;
  readonly #watched: Watched;
  readonly #composites: Pick<Composites, 'join'> | undefined;
  #viewing: Viewing | undefined;
  readonly #present = new Map<string, ParticipantInfo>();
  #transportId = '';
  #mids: Partial<Record<MediaKind, string>> = PLAYER_MIDS;
  #state: 'new' | 'offered' | 'playing' = 'new';

  /** `composites`: where the composite of the room is what is watched. */
  constructor(session: HttpSession, watched: Watched, composites?: Pick<Composites, 'join'>) {
    this.#session = session;
    this.#watched = watched;
    this.#composites = composites;
    session.listen((notification) => this.#handle(notification));
  }

  /** Comes in, and answers the offer. Throws LOBBY_WAITING and what `Rooms.join` throws. */
  start(offer: PlayerOffer): Promise<string> {
    return this.#enter(async () => {
      const { capabilities, mids, tagged, usernameFragment, dtlsParameters } = offer;
      const { media } = this.#session.participant;
      const { transportId, ...own } = await media.createRelayedTransport(capabilities);
      this.#session.watch({ transportId, own, tagged, usernameFragment });
      await media.connectTransport({ transportId, dtlsParameters });
      this.#transportId = transportId;
      this.#mids = mids;
      this.#begin();
      return offer.answer(own);
    });
  }

  /** Comes in, and gives an offer. Throws LOBBY_WAITING and what `Rooms.join` throws. */
  startOffering(): Promise<string> {
    return this.#enter(async () => {
      const { participant } = this.#session;
      const { transportId, ...own } = await participant.createTransport({
        direction: 'recv',
        rtpCapabilities: FORWARDED,
      });
      this.#transportId = transportId;
      const tagged = { mid: PLAYER_MIDS.audio, type: 'audio' };
      this.#session.watch({ transportId, own, tagged, usernameFragment: undefined });
      this.#state = 'offered';
      return writePlayerOffer(own);
    });
  }

  /** Throws MEDIA_REJECTED, OFFER_NOT_ACCEPTABLE; WRONG_STATE when it has answered before. */
  async answer(text: string): Promise<void> {
    if (this.#state !== 'offered')
      throw new ParleyError('WRONG_STATE', { message: 'The offer is answered.' });
    const answer: PlayerAnswer = readPlayerAnswer(text);
    const { participant } = this.#session;
    this.#state = 'playing';
    this.#session.setUsernameFragment(answer.usernameFragment);
    participant.media.setRtpCapabilities(answer.rtpCapabilities);
    const { dtlsParameters } = answer;
    await participant.media.connectTransport({ transportId: this.#transportId, dtlsParameters });
    this.#begin();
  }

  /** Nothing of it stays when it fails. */
  async #enter(begin: () => Promise<string>): Promise<string> {
    const { participants } = await this.#session.join();
    try {
      for (const participant of participants) this.#note(participant);
      this.#viewing = await this.#composites?.join(this.#session.room, () => this.#handleEnd());
      return await begin();
    } catch (error) {
      this.stop();
      await this.#session.leave('left');
      throw error;
    }
  }

  /** Gone: nothing is made for it any more. */
  stop(): void {
    this.#viewing?.leave();
    this.#viewing = undefined;
  }

  #handleEnd(): void {
    this.#session
      .leave('connectionLost')
      .catch((err: unknown) => this.#session.logger.error({ err }, 'leaving failed'));
  }

  #begin(): void {
    this.#state = 'playing';
    const composite = this.#viewing?.publications ?? [];
    for (const publication of composite) this.#session.participant.media.offer(publication);
    this.#choose(composite);
    for (const { publications } of this.#present.values()) this.#choose(publications);
  }

  #handle({ method, params }: AnyNotification): void {
    if (method === 'participant.joined') this.#note(params.participant);
    else if (method === 'participant.left') this.#present.delete(params.participantId);
    else if (method === 'room.moved') this.#moved(params.participants);
    else if (method === 'publication.added') this.#added(params.participantId, params.publication);
    else if (method === 'media.consumerCreated') this.#play(params.consumerId);
  }

  /** In another place of the meeting there are others. */
  #moved(participants: readonly ParticipantInfo[]): void {
    this.#present.clear();
    for (const participant of participants) this.#note(participant);
  }

  #note(participant: ParticipantInfo): void {
    if (!this.#watched.isOf(participant)) return;
    this.#present.set(participant.participantId, participant);
    this.#choose(participant.publications);
  }

  #added(participantId: string, publication: PublicationInfo): void {
    const participant = this.#present.get(participantId);
    if (!participant) return;
    const publications = [...participant.publications, publication];
    this.#present.set(participantId, { ...participant, publications });
    this.#choose([publication]);
  }

  /** Later, so that the media of the room has heard of it, too. What has ended since is passed over. */
  #choose(publications: readonly Pick<PublicationInfo, 'publicationId' | 'source'>[]): void {
    if (this.#state !== 'playing') return;
    const changes = publications.flatMap(({ publicationId, source }) => {
      const kind = this.#watched.kindOf(source);
      const mid = kind && this.#mids[kind];
      return mid === undefined ? [] : [{ publicationId, subscribed: true, mid }];
    });
    setImmediate(
      () => void this.#ask(() => this.#session.participant.media.updateSubscriptions({ changes })),
    );
  }

  /** There is nobody to say when it can be shown: at once. */
  #play(consumerId: string): void {
    void this.#ask(() => this.#session.participant.media.resumeConsumer({ consumerId }));
  }

  /** What fails here has gone meanwhile, or comes to light at the transport. */
  async #ask(request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (err) {
      if (!this.#session.over) this.#session.logger.debug({ err }, 'not played');
    }
  }
}
