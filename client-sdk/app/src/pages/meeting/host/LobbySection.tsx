import type { Knocker } from '@parley/client-sdk';
import { useLobby, useRoom } from '@parley/client-sdk/react';
import { Phone } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../../../ui/Avatar.tsx';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { TextDialog } from '../../../ui/TextDialog.tsx';
import { useAct, useAttempt } from '../useAct.ts';
import styles from './LobbySection.module.css';

/** Who waits in the lobby, and the buttons that decide. Nothing where nobody waits. */
export function LobbySection() {
  const people = useLobby();
  const { lobby } = useRoom();
  const act = useAct();
  const attempt = useAttempt();
  const [writing, setWriting] = useState(false);
  if (people.length === 0) return null;
  return (
    <section className={styles.lobby} aria-label="Waiting in the lobby" data-testid="lobby-section">
      <header className={styles.header}>
        <h3 className={styles.title}>Waiting in the lobby · {people.length}</h3>
        {people.length > 1 && (
          <Button look="primary" data-testid="admit-all" onClick={() => act(lobby.admitAll())}>
            Let all in
          </Button>
        )}
      </header>
      <ul className={styles.list}>
        {people.map((knocker) => (
          <KnockerRow key={knocker.knockId} knocker={knocker} />
        ))}
      </ul>
      <Button look="quiet" onClick={() => setWriting(true)}>
        Write to those who wait…
      </Button>
      {writing && (
        <TextDialog
          title="Write to those who wait"
          label="Message"
          action="Send"
          maxLength={2000}
          onClose={() => setWriting(false)}
          onDone={(text) => attempt(lobby.message(text))}
        />
      )}
    </section>
  );
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function KnockerRow({ knocker }: { knocker: Knocker }) {
  const { lobby } = useRoom();
  const act = useAct();
  const [denying, setDenying] = useState(false);
  const { knockId, displayName, identity, kind, isGuest, since, connection } = knocker;
  return (
    <li className={styles.row} data-identity={identity}>
      <Avatar displayName={displayName} identity={identity} size={34} />
      <div className={styles.who}>
        <span className={styles.name}>
          {displayName} {kind === 'phone' && <Phone size={14} role="img" aria-label="By phone" />}
        </span>
        <span className={styles.words}>
          {connection === 'interrupted'
            ? 'Connection lost'
            : `${isGuest ? 'Guest, ' : ''}since ${clock.format(since)}`}
        </span>
      </div>
      <Button
        look="quiet"
        aria-label={`Do not let ${displayName} in`}
        data-testid="deny"
        onClick={() => setDenying(true)}
      >
        No
      </Button>
      <Button
        look="primary"
        aria-label={`Let ${displayName} in`}
        data-testid="admit"
        onClick={() => act(lobby.admit(knockId))}
      >
        Let in
      </Button>
      {denying && (
        <ConfirmDialog
          title={`Turn ${displayName} away?`}
          text="Who is turned away may knock again. Who is banned may not."
          choices={[
            { label: 'Ban', look: 'danger', onChoose: () => act(lobby.deny(knockId, { ban: true })) },
            { label: 'Turn away', testId: 'confirm-deny', onChoose: () => act(lobby.deny(knockId)) },
          ]}
          onClose={() => setDenying(false)}
        />
      )}
    </li>
  );
}
