import {
  ChartColumn,
  CircleDot,
  Ellipsis,
  Hand,
  Link2,
  Maximize,
  MessageSquare,
  Minimize,
  MonitorUp,
  MonitorX,
  Network,
  Phone,
  Radio,
  Settings,
  ShieldCheck,
  UserRoundCheck,
} from 'lucide-react';
import { useCalls, useLive, useRecording, useRoomState } from '@parley/client-sdk/react';
import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { useNarrow } from '../../hooks/useMediaQuery.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, type MenuItem, type MenuSection } from '../../ui/Menu.tsx';
import { count } from '../../lib/moments.ts';
import { isOn } from '../../lib/recordingTexts.ts';
import { screenWords, type BarProps } from './barProps.ts';
import { REACTIONS } from './reactions.ts';
import { SCREEN_SHARE_SUPPORTED } from './useMediaControls.ts';

/** What the bar has no room for; on a phone that is more. */
export function MoreMenu(props: BarProps) {
  const narrow = useNarrow();
  const sections: MenuSection[] = [
    ...(narrow ? [{ items: phoneItems(props) }] : []),
    { items: [...meetingItems(props), ...useCallItems(props), ...useEgressItems(props)] },
    { items: [...generalItems(props), ...useFullscreenItem()] },
    ...(narrow ? [{ title: 'React', items: reactionItems(props) }] : []),
  ];
  return (
    <Menu
      label="More"
      align="end"
      sections={sections}
      trigger={(trigger) => (
        <IconButton
          {...trigger}
          label="More"
          icon={Ellipsis}
          badge={narrow && props.unread > 0 ? props.unread : undefined}
          data-testid="more"
        />
      )}
    />
  );
}

function phoneItems({ controls, panels, unread }: BarProps): MenuItem[] {
  const screenAllowed = SCREEN_SHARE_SUPPORTED && controls.mayUse('screen');
  return [
    {
      key: 'chat',
      label: unread > 0 ? `Chat · ${unread} new` : 'Chat',
      icon: MessageSquare,
      testId: 'chat',
      onSelect: () => panels.toggle('chat'),
    },
    {
      key: 'hand',
      label: controls.handRaised ? 'Lower your hand' : 'Raise your hand',
      icon: Hand,
      testId: 'hand',
      onSelect: controls.toggleHand,
    },
    {
      key: 'screen',
      label: screenAllowed ? screenWords(controls) : 'Share your screen',
      ...(screenAllowed ? {} : { hint: screenWords(controls) }),
      icon: controls.screenOn ? MonitorX : MonitorUp,
      disabled: !screenAllowed,
      testId: 'toggle-screen',
      onSelect: controls.toggleScreen,
    },
  ];
}

function meetingItems({ panels, isHost }: BarProps): MenuItem[] {
  return [
    {
      key: 'breakouts',
      label: 'Breakout rooms',
      icon: Network,
      testId: 'breakouts',
      onSelect: () => panels.toggle('breakouts'),
    },
    {
      key: 'polls',
      label: 'Polls',
      icon: ChartColumn,
      testId: 'polls',
      onSelect: () => panels.toggle('polls'),
    },
    ...(isHost
      ? [
          {
            key: 'host',
            label: 'Meeting options',
            icon: ShieldCheck,
            testId: 'meeting-options',
            onSelect: () => panels.setDialog('host'),
          },
        ]
      : []),
  ];
}

/** Calling phones, for those who may, and for whoever has a call. */
function useCallItems({ panels }: BarProps): MenuItem[] {
  const { permissions } = useRoomState();
  const calls = useCalls();
  if (!calls.isAvailable || !(permissions.canDial || calls.list.length > 0)) return [];
  return [
    {
      key: 'phones',
      label: 'Call a phone',
      ...(calls.list.length > 0 && { hint: count(calls.list.length, 'call', 'calls') }),
      icon: Phone,
      testId: 'phones',
      onSelect: () => panels.toggle('phones'),
    },
  ];
}

/** Recording and streaming, for those who may do something about it. */
function useEgressItems({ panels, isHost }: BarProps): MenuItem[] {
  const { permissions } = useRoomState();
  const { list, consent } = useRecording();
  const { stream } = useLive();
  const running = list.some(isOn);
  const recording: MenuItem = {
    key: 'recording',
    label: running ? 'Recording' : 'Record the meeting',
    icon: CircleDot,
    testId: 'record',
    onSelect: () => panels.setDialog('recording'),
  };
  const live: MenuItem = {
    key: 'live',
    label: stream === null ? 'Go live' : 'Live stream',
    icon: Radio,
    testId: 'live',
    onSelect: () => panels.toggle('live'),
  };
  const own: MenuItem = {
    key: 'consent',
    label: 'Being recorded',
    hint: consent === 'agreed' ? 'You agreed' : 'Not recorded',
    icon: UserRoundCheck,
    testId: 'own-consent',
    onSelect: () => panels.setDialog('consent'),
  };
  return [
    ...(permissions.canRecord ? [recording] : []),
    ...(isHost || stream !== null ? [live] : []),
    ...(consent === undefined ? [] : [own]),
  ];
}

function generalItems({ panels, onCopyLink }: BarProps): MenuItem[] {
  return [
    { key: 'link', label: 'Copy invite link', icon: Link2, testId: 'copy-link', onSelect: onCopyLink },
    {
      key: 'settings',
      label: 'Settings',
      icon: Settings,
      testId: 'settings',
      onSelect: () => panels.setDialog('settings'),
    },
  ];
}

const reactionItems = ({ controls }: BarProps): MenuItem[] =>
  REACTIONS.map(({ emoji, name }) => ({
    key: emoji,
    label: `${emoji} ${name}`,
    onSelect: () => controls.react(emoji),
  }));

function useFullscreenItem(): MenuItem[] {
  const { supported, active, toggle } = useFullscreen();
  if (!supported) return [];
  return [
    {
      key: 'fullscreen',
      label: active ? 'Leave full screen' : 'Full screen',
      icon: active ? Minimize : Maximize,
      onSelect: toggle,
    },
  ];
}
