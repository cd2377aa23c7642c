import { MessageSquare, Users } from 'lucide-react';
import { IconButton } from '../../ui/IconButton.tsx';
import type { BarProps } from './barProps.ts';
import { MoreMenu } from './MoreMenu.tsx';
import styles from './SideActions.module.css';

/** The right end of the bar: more, chat, participants. */
export function SideActions(props: BarProps) {
  const { panels, unread } = props;
  return (
    <div className={styles.actions}>
      <MoreMenu {...props} />
      <IconButton
        label="Chat"
        icon={MessageSquare}
        look={panels.panel === 'chat' ? 'active' : 'solid'}
        badge={unread > 0 ? unread : undefined}
        shortcut="C"
        aria-pressed={panels.panel === 'chat'}
        data-testid="chat"
        onClick={() => panels.toggle('chat')}
      />
      <ParticipantsButton {...props} />
    </div>
  );
}

/** Says how many there are, and that somebody waits to come in. */
export function ParticipantsButton({ panels, participantCount, waiting }: BarProps) {
  const open = panels.panel === 'participants';
  return (
    <IconButton
      label={waiting > 0 ? `Participants, ${waiting} waiting in the lobby` : 'Participants'}
      icon={Users}
      look={open ? 'active' : waiting > 0 ? 'off' : 'solid'}
      badge={waiting > 0 ? `${participantCount}+${waiting}` : participantCount}
      shortcut="P"
      aria-pressed={open}
      data-testid="participants"
      onClick={() => panels.toggle('participants')}
    />
  );
}
