import type { MediaRoom } from '../media/MediaRoom.ts';
import { NO_WISH } from '../media/Subscription.ts';
import { MAIN_ZONE } from '../media/zones.ts';
import type { Logger } from '../observability/logger.ts';
import { MediaRoomKeeper, type MediaRoomSource } from './MediaRoomKeeper.ts';
import type { Participant } from './Participant.ts';
import type { Roster } from './Roster.ts';

/** The media of a room: everybody's place in it, whatever becomes of the workers. */
export class RoomMedia {
  readonly #roster: Roster;
  readonly #keeper: MediaRoomKeeper;

  constructor(source: MediaRoomSource, roster: Roster, logger: Logger) {
    this.#roster = roster;
    this.#keeper = new MediaRoomKeeper(source, logger, {
      replaced: (mediaRoom, generation) => this.#moveTo(mediaRoom, generation),
      speakers: (speakers, zoneId) =>
        roster.tellIn(zoneId === MAIN_ZONE ? null : zoneId, {
          method: 'room.activeSpeakers',
          params: speakers,
        }),
    });
  }

  /** Counts the media rooms there have been. */
  get generation(): number {
    return this.#keeper.generation;
  }

  /** Throws MEDIA_UNAVAILABLE. */
  get(): Promise<MediaRoom> {
    return this.#keeper.get();
  }

  give(participant: Participant, mediaRoom: MediaRoom): void {
    const { participantId, permissions, breakoutId, quality, isRecorder, isRecordable } = participant;
    const { kind } = participant.grants;
    participant.setEndpoint(
      mediaRoom.createEndpoint({
        participantId,
        permissions,
        ...{ quality, isRecorder, isRecordable },
        zoneId: breakoutId ?? MAIN_ZONE,
        // A player has places for one picture and one sound.
        ...(kind === 'player' && { firstWish: () => NO_WISH }),
        // Not all encoders and players ask for it; their sessions watch over their transports.
        iceConsent: kind !== 'ingress' && kind !== 'player',
        notify: (notification) => participant.notify(notification),
      }),
    );
  }

  close(): void {
    this.#keeper.close();
  }

  /** The media of the room starts anew on another worker: everybody gets a new endpoint and is told to use it. */
  #moveTo(mediaRoom: MediaRoom, mediaGeneration: number): void {
    for (const participant of this.#roster.all) {
      this.give(participant, mediaRoom);
      participant.notify({
        method: 'media.reset',
        params: { mediaGeneration, rtpCapabilities: mediaRoom.rtpCapabilities },
      });
    }
  }
}
