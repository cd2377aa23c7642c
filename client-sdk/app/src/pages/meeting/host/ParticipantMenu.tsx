import type { Participant, Room, Source } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import {
  ArrowRightLeft,
  DoorOpen,
  EllipsisVertical,
  Grip,
  Hand,
  MicOff,
  Mic,
  MonitorX,
  Pencil,
  PhoneForwarded,
  PhoneOff,
  Star,
  UserCheck,
  UserX,
  VideoOff,
} from 'lucide-react';
import { useState } from 'react';
import { MAX_DISPLAY_NAME } from '../../prejoin/joinChoices.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu, type MenuItem } from '../../../ui/Menu.tsx';
import { TextDialog } from '../../../ui/TextDialog.tsx';
import { KeypadDialog } from '../phones/KeypadDialog.tsx';
import { TransferDialog } from '../phones/TransferDialog.tsx';
import { useAct, useAttempt, type Act } from '../useAct.ts';

type Question = 'rename' | 'remove' | 'keys' | 'transfer';

/** What a host does to one participant. */
export function ParticipantMenu({ participant }: { participant: Participant }) {
  const room = useRoomState();
  const act = useAct();
  const [asking, setAsking] = useState<Question | null>(null);
  const { displayName } = participant;
  return (
    <>
      <Menu
        label={`What to do with ${displayName}`}
        align="end"
        below
        sections={[
          {
            items: [
              ...mediaItems(participant, room, act),
              ...phoneItems(participant, room, setAsking),
              ...stageItems(participant, room, act),
            ],
          },
          { items: participant.kind === 'phone' ? [] : roleItems(participant, room, act) },
          { title: 'Move to', items: moveItems(participant, room, act) },
          { items: placeItems(participant, { room, act, ask: setAsking }) },
        ].filter(({ items }) => items.length > 0)}
        trigger={(props) => (
          <IconButton
            {...props}
            look="quiet"
            label={`More about ${displayName}`}
            icon={EllipsisVertical}
            data-testid="participant-menu"
          />
        )}
      />
      {asking !== null && (
        <Asked question={asking} participant={participant} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

interface AskedProps {
  question: Question;
  participant: Participant;
  onClose: () => void;
}

function Asked({ question, participant: { participantId, displayName, kind, phone }, onClose }: AskedProps) {
  const { moderation } = useRoomState();
  const act = useAct();
  const attempt = useAttempt();
  if (question === 'rename') {
    return (
      <TextDialog
        title={`Rename ${displayName}`}
        label="Name that everybody sees"
        action="Rename"
        initial={displayName}
        maxLength={MAX_DISPLAY_NAME}
        onClose={onClose}
        onDone={(name) => attempt(moderation.rename(participantId, name))}
      />
    );
  }
  const call = { callId: phone?.callId ?? '', name: displayName, onClose };
  if (question === 'keys') return <KeypadDialog {...call} />;
  if (question === 'transfer') return <TransferDialog {...call} />;
  const isPhone = kind === 'phone';
  const remove = (ban: boolean) => () => act(moderation.remove(participantId, { ban }));
  return (
    <ConfirmDialog
      title={isPhone ? `Hang up ${displayName}?` : `Remove ${displayName}?`}
      text={isPhone ? HANG_UP : REMOVE}
      choices={[
        { label: 'Ban', look: 'danger', testId: 'ban', onChoose: remove(true) },
        { label: isPhone ? 'Hang up' : 'Remove', testId: 'confirm-remove', onChoose: remove(false) },
      ]}
      onClose={onClose}
    />
  );
}

const REMOVE = 'Who is removed may come back by the link. Who is banned may not, until the ban is lifted.';
const HANG_UP =
  'The call ends. They may call again; who is banned is kept out with their number, until the ban is lifted.';

function placeItems(
  { participantId, kind }: Participant,
  { room, act, ask }: { room: Room; act: Act; ask: (question: Question) => void },
): MenuItem[] {
  return [
    { key: 'rename', label: 'Rename…', icon: Pencil, onSelect: () => ask('rename') },
    {
      key: 'lobby',
      label: 'Send to the lobby',
      icon: DoorOpen,
      testId: 'send-to-lobby',
      onSelect: () => act(room.moderation.sendToLobby(participantId)),
    },
    {
      key: 'remove',
      ...(kind === 'phone' ? { label: 'Hang up…', icon: PhoneOff } : { label: 'Remove…', icon: UserX }),
      testId: 'remove',
      onSelect: () => ask('remove'),
    },
  ];
}

function mediaItems(participant: Participant, { moderation }: Room, act: Act): MenuItem[] {
  const { participantId } = participant;
  const isOn = (source: Source) => participant.getPublication(source)?.muted === false;
  const mute =
    (source: Source, hard = false) =>
    () =>
      act(moderation.mute(participantId, source, { hard }));
  const sound: MenuItem[] = isOn('microphone')
    ? [
        { key: 'mute', label: 'Mute', icon: MicOff, testId: 'mute', onSelect: mute('microphone') },
        {
          key: 'hardMute',
          label: 'Mute until I allow it',
          icon: MicOff,
          testId: 'hard-mute',
          onSelect: mute('microphone', true),
        },
      ]
    : [
        {
          key: 'unmute',
          label: 'Ask to unmute',
          icon: Mic,
          testId: 'ask-to-unmute',
          onSelect: () => act(moderation.askToUnmute(participantId)),
        },
      ];
  const camera = { key: 'camera', label: 'Stop the camera', icon: VideoOff, onSelect: mute('camera') };
  const screen = { key: 'screen', label: 'Stop the shared screen', icon: MonitorX, onSelect: mute('screen') };
  return [...sound, ...(isOn('camera') ? [camera] : []), ...(isOn('screen') ? [screen] : [])];
}

/** For phones that one may control. */
function phoneItems(
  { participantId }: Participant,
  { calls }: Room,
  ask: (question: Question) => void,
): MenuItem[] {
  if (!calls.findByParticipant(participantId)) return [];
  return [
    { key: 'keys', label: 'Keypad…', icon: Grip, testId: 'keypad', onSelect: () => ask('keys') },
    {
      key: 'transfer',
      label: 'Hand over…',
      icon: PhoneForwarded,
      testId: 'hand-over',
      onSelect: () => ask('transfer'),
    },
  ];
}

/** The rooms that somebody could be in instead, for as long as there are any. */
function moveItems({ identity, kind }: Participant, { breakouts }: Room, act: Act): MenuItem[] {
  const { state, breakoutId: here } = breakouts;
  if (kind !== 'phone' || state === null || !state.open) return [];
  return [{ breakoutId: null, name: 'Main room' }, ...state.rooms]
    .filter(({ breakoutId }) => breakoutId !== here)
    .map(({ breakoutId, name }) => ({
      key: breakoutId ?? 'main',
      label: name,
      icon: ArrowRightLeft,
      testId: 'move-to',
      onSelect: () => act(breakouts.assign([{ identity, breakoutId }])),
    }));
}

function stageItems({ participantId, raisedHandAt }: Participant, room: Room, act: Act): MenuItem[] {
  const shown = room.roomState.spotlight;
  const isShown = shown.includes(participantId);
  const next = isShown ? shown.filter((id) => id !== participantId) : [...shown, participantId];
  const hand: MenuItem = {
    key: 'hand',
    label: 'Lower the hand',
    icon: Hand,
    onSelect: () => act(room.moderation.lowerHand(participantId)),
  };
  return [
    ...(raisedHandAt === undefined ? [] : [hand]),
    {
      key: 'spotlight',
      label: isShown ? 'Show to all no longer' : 'Show large to all',
      icon: Star,
      testId: 'spotlight',
      onSelect: () => act(room.moderation.spotlight(next)),
    },
  ];
}

const ROLES = [
  { role: 'host', label: 'Host' },
  { role: 'participant', label: 'Participant' },
  { role: 'viewer', label: 'Viewer: sees and hears only' },
] as const;

function roleItems(
  { participantId, role: present }: Participant,
  { moderation }: Room,
  act: Act,
): MenuItem[] {
  return ROLES.map(({ role, label }) => ({
    key: role,
    label,
    icon: UserCheck,
    checked: role === present,
    testId: `role-${role}`,
    onSelect: () => act(moderation.setRole(participantId, role)),
  }));
}
