import type { RoomNotice } from '@parley/client-sdk';
import { CircleDot, Radio } from 'lucide-react';
import { noticeLines } from '../../lib/noticeTexts.ts';
import styles from './RoomNotices.module.css';

const ICONS = { recorded: CircleDot, streamed: Radio };

/** That the meeting is recorded or streamed, before one joins it. Read out when it changes. */
export function RoomNotices({ notice }: { notice: RoomNotice }) {
  return (
    <ul className={styles.notices} role="status" data-testid="room-notices">
      {noticeLines(notice).map(({ kind, title, text }) => {
        const Icon = ICONS[kind];
        return (
          <li key={kind} className={styles.notice} data-testid={`notice-${kind}`}>
            <Icon className={styles.icon} size={20} aria-hidden />
            <div>
              <p className={styles.title}>{title}</p>
              <p className={styles.text}>{text}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
