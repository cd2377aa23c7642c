import { Link2, Maximize, Minimize, Settings, Users } from 'lucide-react';
import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import type { BarProps } from './barProps.ts';
import styles from './SideActions.module.css';

/** The right end of the bar: participants, invite, full screen, settings. */
export function SideActions(props: BarProps) {
  const { participantCount, panelOpen, onTogglePanel, onOpenSettings, onCopyLink } = props;
  const fullscreen = useFullscreen();
  return (
    <div className={styles.actions}>
      <IconButton
        label="Copy the link to invite others"
        icon={Link2}
        look="quiet"
        data-testid="copy-link"
        onClick={onCopyLink}
      />
      {fullscreen.supported && (
        <IconButton
          label={fullscreen.active ? 'Leave full screen' : 'Full screen'}
          icon={fullscreen.active ? Minimize : Maximize}
          look="quiet"
          shortcut="F"
          className={styles.roomy}
          onClick={fullscreen.toggle}
        />
      )}
      <IconButton
        label="Settings"
        icon={Settings}
        look="quiet"
        data-testid="settings"
        onClick={onOpenSettings}
      />
      <IconButton
        label="Participants"
        icon={Users}
        look={panelOpen ? 'active' : 'solid'}
        badge={participantCount}
        shortcut="P"
        aria-pressed={panelOpen}
        data-testid="participants"
        onClick={onTogglePanel}
      />
    </div>
  );
}
