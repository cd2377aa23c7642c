import type { ChatMessage, Knocker, Participant, Room } from '@parley/client-sdk';
import { useEffect } from 'react';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** Tells what hosts do and what one should know: the lobby, breakout rooms, the chat, the end. */
export function useMeetingNews(room: Room, notify: (text: string) => void, chatOpen: boolean): void {
  useEffect(() => {
    let waiting = room.lobby.people.length;
    const hands = new Set<string>();
    const handlers = {
      lobbyChanged: (people: readonly Knocker[]) => {
        const newest = people.at(-1);
        if (people.length > waiting && newest) notify(`${newest.displayName} waits in the lobby`);
        waiting = people.length;
      },
      moved: ({ breakoutId, name }: { breakoutId: string | null; name: string }) =>
        notify(breakoutId === null ? 'You are back in the main room' : `You are in ${name} now`),
      broadcast: ({ text, from }: { text: string; from: string }) => notify(`${from}: ${text}`),
      endingSoon: (what: 'meeting' | 'breakouts', endsAt: Date) =>
        notify(
          `${what === 'meeting' ? 'The meeting ends' : 'The breakout rooms close'} at ${clock.format(endsAt)}`,
        ),
      askedToUnmute: (from: string) => notify(`${from} asks you to unmute`),
      unmuteAnswered: (allowed: boolean) =>
        notify(allowed ? 'You may unmute now' : 'The host does not want you to unmute now'),
      notice: (message: string) => notify(message),
      chatChanged: (message: ChatMessage | undefined) => {
        if (!message || chatOpen || message.from.identity === room.localParticipant.identity) return;
        notify(`${message.from.displayName}: ${message.text.slice(0, 120)}`);
      },
      participantUpdated: (participant: Participant) => {
        const { participantId, raisedHandAt, displayName, isLocal } = participant;
        if (raisedHandAt === undefined) hands.delete(participantId);
        else if (!hands.has(participantId)) {
          hands.add(participantId);
          if (!isLocal && room.permissions.roomAdmin) notify(`${displayName} raised a hand`);
        }
      },
    };
    room
      .on('lobbyChanged', handlers.lobbyChanged)
      .on('moved', handlers.moved)
      .on('broadcast', handlers.broadcast)
      .on('endingSoon', handlers.endingSoon)
      .on('askedToUnmute', handlers.askedToUnmute)
      .on('unmuteAnswered', handlers.unmuteAnswered)
      .on('notice', handlers.notice)
      .on('chatChanged', handlers.chatChanged)
      .on('participantUpdated', handlers.participantUpdated);
    return () => {
      room
        .off('lobbyChanged', handlers.lobbyChanged)
        .off('moved', handlers.moved)
        .off('broadcast', handlers.broadcast)
        .off('endingSoon', handlers.endingSoon)
        .off('askedToUnmute', handlers.askedToUnmute)
        .off('unmuteAnswered', handlers.unmuteAnswered)
        .off('notice', handlers.notice)
        .off('chatChanged', handlers.chatChanged)
        .off('participantUpdated', handlers.participantUpdated);
    };
  }, [room, notify, chatOpen]);
}
