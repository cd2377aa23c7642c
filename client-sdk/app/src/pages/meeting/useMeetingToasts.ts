import type { DeviceError, Participant, Publication, Room, UnpublishReason } from '@parley/client-sdk';
import { useEffect } from 'react';
import { joinedText, leftText, mutedByText, refusedText } from '../../lib/toastTexts.ts';

/** Tells what others do: joining, leaving, sharing, muting one. */
export function useMeetingToasts(room: Room, notify: (text: string) => void): void {
  useEffect(() => {
    const handleJoined = (participant: Participant) => {
      if (participant.kind !== 'recorder') notify(joinedText(participant.displayName));
    };
    const handleLeft = (participant: Participant, reason: string) => {
      if (participant.kind !== 'recorder') notify(leftText(participant.displayName, reason));
    };
    const handleAdded = (publication: Publication, participant: Participant) => {
      if (publication.source === 'screen' && !participant.isLocal) {
        notify(`${participant.displayName} shares a screen`);
      }
    };
    const handleUpdated = (publication: Publication, participant: Participant, by: string | undefined) => {
      if (!participant.isLocal || !publication.muted || by === undefined) return;
      notify(mutedByText(publication.source, nameOf(room, by)));
    };
    const handleRemoved = (publication: Publication, why: UnpublishReason) => {
      const { source } = publication;
      if (why === 'refused') notify(refusedText(source));
      // A microphone ends also when one's own phone takes its place.
      else if (why === 'removedByHost' && source !== 'microphone') notify(mutedByText(source, null));
      else if (source === 'screen') notify('You no longer share your screen');
    };
    const handleDeviceError = (error: DeviceError) => notify(error.message);
    const handleReconnected = () => notify('Back in the meeting');

    room.on('participantJoined', handleJoined);
    room.on('participantLeft', handleLeft);
    room.on('publicationAdded', handleAdded);
    room.on('publicationUpdated', handleUpdated);
    room.on('localPublicationRemoved', handleRemoved);
    room.on('deviceError', handleDeviceError);
    room.on('reconnected', handleReconnected);
    return () => {
      room.off('participantJoined', handleJoined);
      room.off('participantLeft', handleLeft);
      room.off('publicationAdded', handleAdded);
      room.off('publicationUpdated', handleUpdated);
      room.off('localPublicationRemoved', handleRemoved);
      room.off('deviceError', handleDeviceError);
      room.off('reconnected', handleReconnected);
    };
  }, [room, notify]);
}

/** `by` is an identity or a participantId; an administrator need not be in the room. */
function nameOf(room: Room, by: string): string | null {
  const found = room.participants.find(
    ({ identity, participantId }) => identity === by || participantId === by,
  );
  return found?.displayName ?? null;
}
