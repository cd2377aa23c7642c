import {
  ChartColumn,
  Ellipsis,
  Hand,
  Link2,
  Maximize,
  MessageSquare,
  Minimize,
  MonitorUp,
  MonitorX,
  Network,
  Settings,
  ShieldCheck,
} from 'lucide-react';
import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { useNarrow } from '../../hooks/useMediaQuery.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, type MenuItem, type MenuSection } from '../../ui/Menu.tsx';
import { screenWords, type BarProps } from './barProps.ts';
import { REACTIONS } from './reactions.ts';
import { SCREEN_SHARE_SUPPORTED } from './useMediaControls.ts';

/** What the bar has no room for; on a phone that is more. */
export function MoreMenu(props: BarProps) {
  const narrow = useNarrow();
  const sections: MenuSection[] = [
    ...(narrow ? [{ items: phoneItems(props) }] : []),
    { items: meetingItems(props) },
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
