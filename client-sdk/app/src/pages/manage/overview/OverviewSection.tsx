import type { ParticipantInfo, RoomAdmin, RoomInfo } from '@parley/client-sdk';
import { Phone, Video } from 'lucide-react';
import { useCallback, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { inviteRoleWords } from '../../../lib/inviteTexts.ts';
import { pathOfRoom } from '../../../lib/meetingLinks.ts';
import { formatMoment } from '../../../lib/moments.ts';
import { navigate } from '../../../routing/useRoute.ts';
import { Avatar } from '../../../ui/Avatar.tsx';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Invitation } from '../../../ui/Invitation.tsx';
import { LinkButton } from '../../../ui/LinkButton.tsx';
import { PagesView } from '../LoadedView.tsx';
import styles from '../section.module.css';
import { useDo } from '../useDo.ts';

interface Props {
  admin: RoomAdmin;
  room: RoomInfo;
}

/** The link, who is in now, and the end of meeting or room. */
export function OverviewSection({ admin, room }: Props) {
  return (
    <div className={styles.sections}>
      <section className={styles.section}>
        <Invitation roomName={room.name} title={room.settings.title || room.name} admin={admin} />
        <div className={styles.actions}>
          <LinkButton href={pathOfRoom(room.name)} look="primary" data-testid="open-meeting">
            <Video size={19} aria-hidden /> Open the meeting
          </LinkButton>
        </div>
      </section>
      <PeopleNow admin={admin} />
      <DeleteRoom admin={admin} room={room} />
    </div>
  );
}

function PeopleNow({ admin }: { admin: RoomAdmin }) {
  const pages = usePages<ParticipantInfo>(useCallback((page) => admin.listParticipants(page), [admin]));
  const { busy, run } = useDo();
  const [ending, setEnding] = useState(false);
  const end = () => run(() => admin.end().finally(pages.reload));
  return (
    <section className={styles.section} aria-labelledby="people-now" data-testid="people-now">
      <h2 className={styles.heading} id="people-now">
        In the meeting now
      </h2>
      <PagesView
        pages={pages}
        empty={<p className={styles.hint}>Nobody. Meetings that were are under Meetings.</p>}
      >
        {(people) => (
          <>
            <ul className={styles.list}>
              {people.map((person) => (
                <PersonRow key={person.participantId} person={person} />
              ))}
            </ul>
            <div className={styles.actions}>
              <Button disabled={busy} data-testid="end-meeting" onClick={() => setEnding(true)}>
                End the meeting…
              </Button>
            </div>
          </>
        )}
      </PagesView>
      {ending && (
        <ConfirmDialog
          title="End the meeting?"
          text="Everybody leaves, also those who wait in the lobby. The room stays."
          choices={[{ label: 'End it', look: 'danger', testId: 'confirm-end', onChoose: end }]}
          onClose={() => setEnding(false)}
        />
      )}
    </section>
  );
}

function PersonRow({ person: { identity, displayName, role, kind, joinedAt } }: { person: ParticipantInfo }) {
  return (
    <li className={styles.row}>
      <Avatar displayName={displayName} identity={identity} size={38} />
      <div className={styles.text}>
        <span className={styles.name}>{displayName}</span>
        <span className={styles.words}>
          {inviteRoleWords(role)} · since {formatMoment(joinedAt)}
        </span>
      </div>
      {kind === 'phone' && <Phone size={18} role="img" aria-label="By phone" />}
    </li>
  );
}

function DeleteRoom({ admin, room }: Props) {
  const { busy, run } = useDo();
  const [asking, setAsking] = useState(false);
  const remove = () =>
    run(async () => {
      await admin.delete();
      navigate('/rooms');
    });
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>Delete the room</h2>
      <p className={styles.hint}>
        Its link, its settings and its invite links are gone then. It has been there since{' '}
        {formatMoment(room.createdAt)}.
      </p>
      <div className={styles.actions}>
        <Button look="danger" disabled={busy} data-testid="delete-room" onClick={() => setAsking(true)}>
          Delete the room…
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={`Delete ${room.settings.title || room.name}?`}
          text="Whoever is in it has to leave, and its links lead nowhere any more. This cannot be taken back."
          choices={[{ label: 'Delete it', look: 'danger', testId: 'confirm-delete', onChoose: remove }]}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
