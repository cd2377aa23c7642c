import type { RefusedCall } from '@parley/client-sdk';
import { PhoneOff } from 'lucide-react';
import { useCallback } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { formatMoment } from '../../../lib/moments.ts';
import { formatNumber } from '../../../lib/phoneNumbers.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import styles from './phones.module.css';

/** Calls that never became one: where to look when calls do not arrive. */
export function RefusedSection() {
  const pages = usePages<RefusedCall>(useCallback((page) => server.phones.listRefusedCalls(page), []));
  return (
    <section className={section.section} aria-label="Refused calls" data-testid="refused">
      <p className={section.hint}>
        Look here first when calls do not arrive. Whoever is on no trunk is dropped unread, and not in this
        list.
      </p>
      <div className={section.actions}>
        <Button onClick={pages.reload}>Look again</Button>
      </div>
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={PhoneOff}
            title="No call was refused"
            text="When a trunk sends a call that goes nowhere, it stands here with the reason and what to change."
          />
        }
      >
        {(calls) => (
          <ul className={section.list}>
            {calls.map((call, index) => (
              <li key={`${call.at} ${index}`} className={styles.entry} data-testid="refused-call">
                <div className={section.text}>
                  <span className={section.name}>
                    {formatNumber(call.from) || 'Withheld'} → {formatNumber(call.to) || 'nobody'}
                  </span>
                  <span className={styles.why}>{call.why}</span>
                  <span className={section.words}>
                    {[formatMoment(call.at), `answered ${call.status}`, call.trunkId ?? '', call.source]
                      .filter((part) => part !== '')
                      .join(' · ')}
                  </span>
                </div>
              </li>
            ))}
          </ul>
        )}
      </PagesView>
    </section>
  );
}
