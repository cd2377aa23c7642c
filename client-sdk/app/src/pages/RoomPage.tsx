import { useState } from 'react';
import { previewToken } from '../lib/tokenPreview.ts';
import { currentRouteState } from '../routing/useRoute.ts';
import { EndedPage } from './ended/EndedPage.tsx';
import { LobbyPage } from './lobby/LobbyPage.tsx';
import { MeetingPage } from './meeting/MeetingPage.tsx';
import { PrejoinPage } from './prejoin/PrejoinPage.tsx';
import { useRoomSession } from './useRoomSession.ts';

/** One meeting link: first the pre-join page, then the meeting, then the last screen. */
export function RoomPage({ roomName }: { roomName: string }) {
  const [{ create = false, token = null, invite = '' }] = useState(currentRouteState);
  const [{ displayName: nameOfToken, mayPublish }] = useState(() => previewToken(token ?? ''));
  const { phase, join, rejoin } = useRoomSession(roomName, { token, nameOfToken, invite });

  switch (phase.at) {
    case 'prejoin':
      return (
        <PrejoinPage
          roomName={roomName}
          nameOfToken={nameOfToken}
          mayPublish={mayPublish}
          isNew={create}
          invitation={token !== null ? 'token' : invite === '' ? 'none' : 'code'}
          joining={phase.joining}
          problem={phase.problem}
          onJoin={join}
        />
      );
    case 'lobby':
      return <LobbyPage visit={phase.visit} />;
    case 'meeting':
      return <MeetingPage room={phase.room} start={phase.start} />;
    case 'ended':
      return (
        <EndedPage reason={phase.reason} joining={phase.joining} problem={phase.problem} onRejoin={rejoin} />
      );
  }
}
