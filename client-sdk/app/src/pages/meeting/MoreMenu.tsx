import { Ellipsis, Link2, Maximize, Minimize, MonitorUp, MonitorX, Settings } from 'lucide-react';
import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { screenWords, type BarProps } from './barProps.ts';
import { SCREEN_SHARE_SUPPORTED } from './useMediaControls.ts';

/** What a phone's bar has no room for. */
export function MoreMenu({ controls, onOpenSettings, onCopyLink }: BarProps) {
  const fullscreen = useFullscreen();
  const screenAllowed = SCREEN_SHARE_SUPPORTED && controls.mayUse('screen');
  const items: MenuItem[] = [
    {
      key: 'screen',
      label: screenAllowed ? screenWords(controls) : 'Share your screen',
      ...(screenAllowed ? {} : { hint: screenWords(controls) }),
      icon: controls.screenOn ? MonitorX : MonitorUp,
      disabled: !screenAllowed,
      testId: 'toggle-screen',
      onSelect: controls.toggleScreen,
    },
    { key: 'link', label: 'Copy invite link', icon: Link2, testId: 'copy-link', onSelect: onCopyLink },
    { key: 'settings', label: 'Settings', icon: Settings, testId: 'settings', onSelect: onOpenSettings },
  ];
  if (fullscreen.supported) {
    items.push({
      key: 'fullscreen',
      label: fullscreen.active ? 'Leave full screen' : 'Full screen',
      icon: fullscreen.active ? Minimize : Maximize,
      onSelect: fullscreen.toggle,
    });
  }
  return (
    <Menu
      label="More"
      align="end"
      sections={[{ items }]}
      trigger={(props) => <IconButton {...props} label="More" icon={Ellipsis} data-testid="more" />}
    />
  );
}
