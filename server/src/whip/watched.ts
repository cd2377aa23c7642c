import type { ParticipantInfo, Source } from '@parley/protocol';
import type { MediaKind } from '../media/sdp/description.ts';

/** What a player watches: somebody, and of them a picture with its sound. */
export interface Watched {
  isOf(participant: Pick<ParticipantInfo, 'identity' | 'kind'>): boolean;
  /** Which kind a source is played as; undefined for those that are not. */
  kindOf(source: Source): MediaKind | undefined;
}

/** What is shown of somebody: themselves, or the screen that they share. */
export type WatchedPart = 'camera' | 'screen';

const PARTS: Record<WatchedPart, Partial<Record<Source, MediaKind>>> = {
  camera: { camera: 'video', microphone: 'audio' },
  screen: { screen: 'video', screenAudio: 'audio' },
};

/** Somebody in the room, through all their coming and going. */
export const participantOf = (identity: string, part: WatchedPart): Watched => ({
  isOf: (participant) => participant.identity === identity,
  kindOf: (source) => PARTS[part][source],
});

/** The composite of the room, which is nobody in it. */
export const COMPOSITE: Watched = {
  isOf: () => false,
  kindOf: (source) => PARTS.camera[source],
};
