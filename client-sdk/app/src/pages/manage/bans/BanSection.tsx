import type { BanInfo, RoomAdmin } from '@parley/client-sdk';
import { UserRoundCheck } from 'lucide-react';
import { useCallback } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { formatMoment } from '../../../lib/moments.ts';
import { Avatar } from '../../../ui/Avatar.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import styles from '../section.module.css';
import { useDo } from '../useDo.ts';

/** Who may not come back, and the buttons that let them. */
export function BanSection({ admin }: { admin: RoomAdmin }) {
  const pages = usePages(useCallback((page) => admin.listBans(page), [admin]));
  const { busy, run } = useDo();
  const lift = (identity: string) => run(() => admin.liftBan(identity).finally(pages.reload));
  return (
    <section className={styles.section} aria-label="Kept out" data-testid="bans">
      <p className={styles.hint}>
        Whoever was banned cannot come back, neither by the link nor by an invitation, until the ban is
        lifted.
      </p>
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={UserRoundCheck}
            title="Nobody is kept out"
            text="In a meeting, a host can ban somebody from the menu beside their name. They are then listed here."
          />
        }
      >
        {(bans) => (
          <ul className={styles.list}>
            {bans.map((ban) => (
              <BanRow key={ban.identity} ban={ban} busy={busy} onLift={() => lift(ban.identity)} />
            ))}
          </ul>
        )}
      </PagesView>
    </section>
  );
}

function BanRow({ ban, busy, onLift }: { ban: BanInfo; busy: boolean; onLift: () => void }) {
  const { identity, displayName, at, networkUntil } = ban;
  return (
    <li className={styles.row} data-identity={identity}>
      <Avatar displayName={displayName} identity={identity} size={38} />
      <div className={styles.text}>
        <span className={styles.name}>{displayName}</span>
        <span className={styles.words}>
          Since {formatMoment(at)}
          {networkUntil !== null &&
            networkUntil > at &&
            `; other guests of their network until ${formatMoment(networkUntil)}`}
        </span>
      </div>
      <Button
        disabled={busy}
        aria-label={`Let ${displayName} come back`}
        data-testid="lift-ban"
        onClick={onLift}
      >
        Let back in
      </Button>
    </li>
  );
}
