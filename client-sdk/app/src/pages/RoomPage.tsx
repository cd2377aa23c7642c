import { useState } from 'react';
import { useRoomNotice } from '../hooks/useRoomNotice.ts';
import { previewToken } from '../lib/tokenPreview.ts';
import { currentRouteState } from '../routing/useRoute.ts';
import { CallPage } from './calls/CallPage.tsx';
import { EndedPage } from './ended/EndedPage.tsx';
import { LobbyPage } from './lobby/LobbyPage.tsx';
import { MeetingPage } from './meeting/MeetingPage.tsx';
import { PrejoinPage } from './prejoin/PrejoinPage.tsx';
import { useRoomSession } from './useRoomSession.ts';

/** A room: by a link, or because of a call. */
export function RoomPage({ roomName }: { roomName: string }) {
  const [{ call, token }] = useState(currentRouteState);
  if (call === undefined || token === undefined) return <LinkedRoom roomName={roomName} />;
  return <CallPage roomName={roomName} token={token} dial={call} />;
}

/** One meeting link: first the pre-join page, then the meeting, then the last screen. */
function LinkedRoom({ roomName }: { roomName: string }) {
  const [{ create = false, token = null, invite = '' }] = useState(currentRouteState);
  const [{ displayName: nameOfToken, mayPublish }] = useState(() => previewToken(token ?? ''));
  const { phase, join, rejoin } = useRoomSession(roomName, { token, nameOfToken, invite });
  const notice = useRoomNotice(phase.at === 'prejoin' ? roomName : null, { token, invite });

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
          notice={phase.notice ?? notice}
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
