import { ParleyError, type AnyNotification, type MethodParams, type Source } from '@parley/protocol';
import { permissionsOf } from '../auth/permissions.ts';
import { readPublisherOffer, type PublisherOffer } from '../media/sdp/answerPublisher.ts';
import { FORWARDED } from '../media/sdp/forwarded.ts';
import type { HttpSession } from './HttpSession.ts';
import { Stillness } from './Stillness.ts';

/** What a publisher is seen as: somebody at a camera, or somebody who shares a screen. */
export type PublishedAs = 'camera' | 'screen';

const SOURCES: Record<PublishedAs, Source[]> = {
  camera: ['camera', 'microphone'],
  screen: ['screen', 'screenAudio'],
};

/** A publisher by WHIP (RFC 9725): an encoder that is in the room as everybody is. */
export class Publisher {
  readonly #session: HttpSession;
  readonly #silenceTimeout: number;
  #silence: Stillness | undefined;

  constructor(session: HttpSession, options: { silenceTimeout: number }) {
    this.#session = session;
    this.#silenceTimeout = options.silenceTimeout;
    session.listen((notification) => this.#handle(notification));
  }

  /**
   * Comes in, publishes all that is offered, and gives the answer; nothing of it stays when that fails. Throws
   * MEDIA_REJECTED, OFFER_NOT_ACCEPTABLE, PERMISSION_DENIED, LOBBY_WAITING and what `Rooms.join` throws.
   */
  async start(text: string, as: PublishedAs): Promise<string> {
    // Before anybody sees them: who cannot be heard does not come in.
    const offer = readPublisherOffer(text, FORWARDED, SOURCES[as]);
    this.#assertMayPublish(offer);
    await this.#session.join();
    try {
      return await this.#publish(offer);
    } catch (error) {
      await this.#session.leave('left');
      throw error;
    }
  }

  stop(): void {
    this.#silence?.stop();
  }

  /** What the token rules out is told without showing them to the room for a moment. */
  #assertMayPublish({ tracks }: PublisherOffer): void {
    const { grant, role } = this.#session.grants;
    const { canPublishSources, hidden } = permissionsOf(grant, role);
    const refused = tracks.find(({ source }) => hidden || !canPublishSources.includes(source));
    if (refused)
      throw new ParleyError('PERMISSION_DENIED', {
        message: `The token does not allow publishing ${refused.source}.`,
        details: { source: refused.source },
      });
  }

  async #publish(offer: PublisherOffer): Promise<string> {
    const { participant } = this.#session;
    const { transportId, ...own } = await participant.createTransport({ direction: 'send' });
    const { tagged, usernameFragment, dtlsParameters } = offer;
    this.#session.watch({ transportId, own, tagged, usernameFragment });
    await participant.media.connectTransport({ transportId, dtlsParameters });
    for (const { source, kind, rtpParameters } of offer.tracks)
      await this.#publishTrack({ transportId, source, kind, rtpParameters });
    this.#silence = this.#awaitSilence(transportId);
    return offer.answer(own);
  }

  /** Where a host has to allow it first, they come in muted and ask for it. */
  async #publishTrack(params: MethodParams<'media.publish'>): Promise<void> {
    const { participant, room } = this.#session;
    try {
      await participant.publish(params);
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'UNMUTE_NEEDS_APPROVAL') throw error;
      await participant.publish({ ...params, muted: true });
      await room.perform(participant, 'participant.requestUnmute', () =>
        room.floor.requestUnmute(participant, false),
      );
    }
  }

  /** Nobody is at the encoder who could press a button: it is unmuted when a host wants it to be. */
  #handle({ method, params }: AnyNotification): void {
    if (method === 'self.askedToUnmute' || (method === 'self.unmuteAnswered' && params.allowed))
      this.#unmute();
  }

  #unmute(): void {
    const { participant, logger } = this.#session;
    for (const { publicationId, kind, muted } of participant.info.publications)
      if (kind === 'audio' && muted)
        participant
          .setMuted({ publicationId, muted: false })
          .catch((err: unknown) => logger.warn({ err }, 'not unmuted'));
  }

  /** A path may stand while nothing comes on it: an encoder that hangs, or sends elsewhere. */
  #awaitSilence(transportId: string): Stillness {
    const { logger, participant } = this.#session;
    return new Stillness({
      timeout: this.#silenceTimeout,
      logger,
      count: async () => (await participant.media.traffic(transportId)).receivedMedia,
      onStill: () => {
        logger.info('no media came');
        this.#session.leaveLater('connectionLost');
      },
    });
  }
}
