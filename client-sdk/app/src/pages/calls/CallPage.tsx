import type { Room } from '@parley/client-sdk';
import { useEffect, useRef, useState } from 'react';
import { endWithOther } from '../../lib/endWithOther.ts';
import { joinErrorText } from '../../lib/errorTexts.ts';
import { formatNumber } from '../../lib/phoneNumbers.ts';
import { previewToken } from '../../lib/tokenPreview.ts';
import { forgetDial } from '../../routing/useRoute.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { MessagePage } from '../ended/MessagePage.tsx';
import { MeetingPage } from '../meeting/MeetingPage.tsx';
import type { DeviceChoices } from '../prejoin/joinChoices.ts';
import { useRoomSession } from '../useRoomSession.ts';

interface Props {
  roomName: string;
  token: string;
  /** Whom to call once one is there; empty for a call that was answered. */
  dial: string;
}

const SOUND: DeviceChoices = { microphone: { on: true, track: null }, camera: { on: false, track: null } };

/** A call between two, from the moment at which it was answered or begun: nothing is asked before. */
export function CallPage({ roomName, token, dial }: Props) {
  const [{ displayName }] = useState(() => previewToken(token));
  const { phase, join } = useRoomSession(roomName, { token, nameOfToken: displayName, invite: '' });
  const joined = useRef(false);
  useEffect(() => {
    if (joined.current) return;
    joined.current = true;
    join({ displayName, create: false, password: '', told: null, takeDevices: () => SOUND });
  }, [join, displayName]);
  const missed = useEndWithOther(phase.at === 'meeting' ? phase.room : null, dial === '');
  useEffect(() => {
    // Whoever loads the page anew is not called once more.
    if (phase.at === 'meeting') forgetDial();
  }, [phase.at]);

  if (phase.at === 'meeting')
    return <MeetingPage room={phase.room} start={phase.start} {...(dial !== '' && { dial })} />;
  if (phase.at === 'ended' || (phase.at === 'prejoin' && phase.problem !== null))
    return (
      <MessagePage
        title="The call has ended"
        text={missed ? MISSED : phase.problem === null ? OVER : textOf(phase.problem)}
      >
        <LinkButton href="/" look="primary" data-testid="call-over">
          To the front page
        </LinkButton>
      </MessagePage>
    );
  return (
    <MessagePage
      title={dial === '' ? 'Connecting…' : `Calling ${formatNumber(dial)}…`}
      text="Your browser may ask for the microphone: allow it, to be heard."
    >
      <LinkButton href="/">Cancel</LinkButton>
    </MessagePage>
  );
}

const OVER = 'Close this page, or go on from the front page.';
const MISSED = 'It was over before you came: nobody is on the line any more.';

const textOf = (problem: Parameters<typeof joinErrorText>[0]): string =>
  problem === 'ROOM_NOT_FOUND' || problem === 'ACCESS_REFUSED'
    ? MISSED
    : joinErrorText(problem, 'token').text;

/** When the other has gone and nobody else is there, the call is over for oneself, too. Gives whether they never were. */
function useEndWithOther(room: Room | null, isAnswered: boolean): boolean {
  const [missed, setMissed] = useState(false);
  useEffect(() => {
    if (room === null) return undefined;
    const leave = () => void room.leave();
    const onNobody = () => {
      setMissed(true);
      leave();
    };
    return endWithOther(room, { onGone: leave, onNobody: isAnswered ? onNobody : undefined });
  }, [room, isAnswered]);
  return missed;
}
