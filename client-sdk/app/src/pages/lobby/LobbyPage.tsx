import type { LobbyVisit } from '@parley/client-sdk';
import { DoorOpen } from 'lucide-react';
import { useEffect, useReducer } from 'react';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import styles from './LobbyPage.module.css';

/** Where people wait until a host lets them in. */
export function LobbyPage({ visit }: { visit: LobbyVisit }) {
  useDocumentTitle(`Waiting · ${visit.title}`);
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    visit.on('updated', render);
    visit.on('message', render);
    return () => {
      visit.off('updated', render);
      visit.off('message', render);
    };
  }, [visit]);

  return (
    <div className={styles.page} data-testid="lobby">
      <PageHeader />
      <main className={styles.main}>
        <div className={styles.door}>
          <DoorOpen size={44} strokeWidth={1.4} aria-hidden />
        </div>
        <p className={styles.room}>{visit.title}</p>
        <h1 className={styles.title} aria-live="polite">
          {visit.hostPresent ? 'Waiting to be let in' : 'Waiting for the host'}
        </h1>
        <p className={styles.text}>
          {visit.hostPresent
            ? 'The host knows that you are here. This page opens by itself when they let you in.'
            : 'Nobody is here yet who could let you in. Keep this page open; you keep your place.'}
        </p>
        {visit.text !== '' && <p className={styles.words}>{visit.text}</p>}
        {visit.messages.length > 0 && (
          <ul className={styles.messages} aria-live="polite" aria-label="Messages from the host">
            {visit.messages.map(({ text, from, at }) => (
              <li key={at.getTime()} className={styles.message}>
                <span className={styles.from}>{from}</span>
                {text}
              </li>
            ))}
          </ul>
        )}
        <Button data-testid="leave-lobby" onClick={() => void visit.leave()}>
          Leave
        </Button>
      </main>
    </div>
  );
}
