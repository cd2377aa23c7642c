import type { TrunkInfo } from '@parley/client-sdk';
import { Cable, Plus } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { count } from '../../../lib/moments.ts';
import { formatNumber } from '../../../lib/phoneNumbers.ts';
import { trunkMarks, trunkTrouble } from '../../../lib/trunkTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { SavedEntry } from './SavedEntry.tsx';
import { TrunkForm } from './TrunkForm.tsx';
import styles from './phones.module.css';

/** How each trunk is doing changes by itself. */
const EVERY_MS = 10_000;

/** Carriers and switchboards, and how each is doing. */
export function TrunkSection() {
  const pages = usePages<TrunkInfo>(
    useCallback((page) => server.phones.listTrunks(page), []),
    { keeps: true },
  );
  const [editing, setEditing] = useState<TrunkInfo | 'new' | null>(null);
  const { reload } = pages;
  useEffect(() => {
    const timer = setInterval(reload, EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const trunks = pages.loaded.at === 'ready' ? pages.loaded.data : [];
  return (
    <section className={section.section} aria-label="Trunks" data-testid="trunks">
      <p className={section.hint}>
        A trunk is a carrier or a switchboard: by it people dial into rooms, and rooms call telephones.
      </p>
      {pages.loaded.at === 'ready' && (
        <div className={section.actions}>
          <Button look="primary" data-testid="new-trunk" onClick={() => setEditing('new')}>
            <Plus size={18} aria-hidden /> New trunk
          </Button>
        </div>
      )}
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={Cable}
            title="No trunks yet"
            text="Make one with what your carrier gave you: the address of its server, a user and a password, or the addresses that calls come from."
          />
        }
      >
        {(items) => (
          <ul className={section.list}>
            {items.map((trunk) => (
              <TrunkRow key={trunk.trunkId} trunk={trunk} onEdit={() => setEditing(trunk)} reload={reload} />
            ))}
          </ul>
        )}
      </PagesView>
      {editing !== null && (
        <TrunkForm
          trunk={editing === 'new' ? null : editing}
          taken={trunks.map(({ trunkId }) => trunkId)}
          onSaved={reload}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}

function TrunkRow({ trunk, onEdit, reload }: { trunk: TrunkInfo; onEdit: () => void; reload: () => void }) {
  const { trunkId, name, fixed, enabled } = trunk;
  const trouble = trunkTrouble(trunk);
  return (
    <SavedEntry
      name={name === '' ? trunkId : `${name} (${trunkId})`}
      testId="trunk"
      fixed={fixed}
      isOff={!enabled}
      loss="Its calls end, and nobody calls in by it any more."
      onEdit={onEdit}
      onDelete={() => server.phones.deleteTrunk(trunkId).finally(reload)}
    >
      <span className={styles.marks}>
        {trunkMarks(trunk).map(({ tone, words }) => (
          <span key={words} className={styles.mark} data-tone={tone}>
            <span className={classes(styles.dot, styles[tone])} aria-hidden="true" />
            {words}
          </span>
        ))}
      </span>
      {trouble !== null && (
        <span className={styles.trouble} data-testid="trunk-why">
          {trouble}
        </span>
      )}
      <span className={section.words}>{factsOf(trunk)}</span>
    </SavedEntry>
  );
}

/** `+49 301 234 5678 · calls +49, +43 by sip.example.org · 2 calls · 14 of 600 min today` */
function factsOf({ inbound, outbound, state, minutesToday }: TrunkInfo): string {
  const numbers = inbound?.numbers.map(formatNumber).join(', ');
  return [
    inbound !== null && (numbers === '*' ? 'Any number' : numbers),
    outbound !== null &&
      `calls ${outbound.prefixes.join(', ') || 'nobody: no prefix'} by ${outbound.address}`,
    state.calls > 0 && count(state.calls, 'call', 'calls'),
    outbound !== null && `${Math.round(minutesToday)} of ${outbound.minutesPerDay} min today`,
  ]
    .filter((part) => part !== false)
    .join(' · ');
}
