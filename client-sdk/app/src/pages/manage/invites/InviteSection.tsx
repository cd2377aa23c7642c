import type { CreatedInvite, InviteInfo, RoomAdmin } from '@parley/client-sdk';
import { Link2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { inviteRoleWords, inviteWords } from '../../../lib/inviteTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { CopyRow } from '../../../ui/CopyRow.tsx';
import { DialIn } from '../../../ui/DialIn.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import styles from '../section.module.css';
import { useDo } from '../useDo.ts';
import { InviteForm } from './InviteForm.tsx';

/** Links that let people in with a role: making, copying, listing and revoking them. */
export function InviteSection({ admin }: { admin: RoomAdmin }) {
  const pages = usePages(useCallback((page) => admin.listInvites(page), [admin]));
  const { busy, run } = useDo();
  const [made, setMade] = useState<CreatedInvite | null>(null);
  const revoke = ({ inviteId }: InviteInfo) =>
    run(async () => {
      if (inviteId === made?.inviteId) setMade(null);
      await admin.revokeInvite(inviteId).finally(pages.reload);
    });
  return (
    <section className={styles.section} aria-label="Invite links" data-testid="invites">
      <p className={styles.hint}>
        An invite link lets people in past the password and the lock, with the role you choose.
      </p>
      <InviteForm
        busy={busy}
        onMake={(wish) =>
          run(async () => {
            setMade(await admin.createInvite(wish));
            pages.reload();
          })
        }
      />
      {made && (
        <div className={styles.made} role="status">
          <CopyRow
            label="Your link. Copy it now: it is shown only this once"
            url={made.url}
            testId="made-invite"
          />
          <DialIn phone={made.phone} title={admin.name} url={made.url} />
        </div>
      )}
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={Link2}
            title="No invite links yet"
            text="Make one for a co-host, for a class, for the press. You see here how often each was used, and can revoke it."
          />
        }
      >
        {(invites) => (
          <ul className={styles.list} data-testid="invite-list">
            {invites.map((invite) => (
              <InviteRow key={invite.inviteId} invite={invite} busy={busy} onRevoke={() => revoke(invite)} />
            ))}
          </ul>
        )}
      </PagesView>
    </section>
  );
}

function InviteRow(props: { invite: InviteInfo; busy: boolean; onRevoke: () => void }) {
  const { invite, busy, onRevoke } = props;
  const [asking, setAsking] = useState(false);
  const role = inviteRoleWords(invite.role);
  const name = invite.label === '' ? role : invite.label;
  return (
    <li
      className={classes(styles.row, invite.state !== 'open' && styles.over)}
      data-testid="invite"
      data-state={invite.state}
    >
      <div className={styles.text}>
        <span className={styles.name}>{name}</span>
        <span className={styles.words}>{inviteWords(invite)}</span>
      </div>
      <Button
        look="quiet"
        disabled={busy}
        aria-label={`Revoke the link “${name}”`}
        data-testid="revoke-invite"
        onClick={() => setAsking(true)}
      >
        Revoke
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Revoke the link “${name}”?`}
          text="Nobody comes in by it any more. Whoever is in the meeting stays."
          choices={[{ label: 'Revoke', look: 'danger', testId: 'confirm-revoke', onChoose: onRevoke }]}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
