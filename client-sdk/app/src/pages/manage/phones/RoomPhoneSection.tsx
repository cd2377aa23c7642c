import type { CreatedPin, PinInfo, RoomAdmin, RoomInfo, RoomPhone } from '@parley/client-sdk';
import { KeyRound } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useLoad } from '../../../hooks/useLoad.ts';
import { usePages } from '../../../hooks/usePages.ts';
import { canDialIn } from '../../../lib/dialInTexts.ts';
import { inviteRoleWords } from '../../../lib/inviteTexts.ts';
import { formatMoment } from '../../../lib/moments.ts';
import { formatPin } from '../../../lib/phoneNumbers.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { DialIn } from '../../../ui/DialIn.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { useInviteUrl } from '../../../ui/InviteLink.tsx';
import { LoadedView, PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { useDo } from '../useDo.ts';
import { PinForm } from './PinForm.tsx';

interface Props {
  admin: RoomAdmin;
  room: RoomInfo;
}

/** How people come into a room by phone: its own PIN, and those of somebody. */
export function RoomPhoneSection({ admin, room }: Props) {
  const { loaded, reload } = useLoad(useCallback(() => admin.getPhone(), [admin]));
  return (
    <LoadedView loaded={loaded} reload={reload}>
      {(phone) =>
        phone.pin === null ? (
          <EmptyState
            icon={KeyRound}
            title="This server has no phones"
            text="Once its operator has made a trunk, people can dial into this room, and its PIN stands here."
          />
        ) : (
          <div className={section.sections}>
            <OwnPin admin={admin} room={room} phone={phone} reload={reload} />
            <PersonalPins admin={admin} />
          </div>
        )
      }
    </LoadedView>
  );
}

function OwnPin({ admin, room, phone, reload }: Props & { phone: RoomPhone; reload: () => void }) {
  const url = useInviteUrl(room.name);
  const { busy, run } = useDo();
  const [asking, setAsking] = useState(false);
  const renew = () => run(() => admin.renewPin().finally(reload));
  return (
    <section className={section.section} aria-labelledby="room-pin">
      <h2 className={section.heading} id="room-pin">
        PIN of the room
      </h2>
      {canDialIn(phone) ? (
        <DialIn phone={phone} title={room.settings.title || room.name} url={url} />
      ) : (
        <p className={section.hint}>
          PIN <strong>{formatPin(phone.pin ?? '')}</strong>. No trunk has its numbers written out, so that
          invitations name none.
        </p>
      )}
      <div className={section.actions}>
        <Button disabled={busy} data-testid="renew-pin" onClick={() => setAsking(true)}>
          Make another PIN…
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title="Make another PIN?"
          text="The present one opens nothing any more: send out invitations anew. Whoever is in stays."
          choices={[{ label: 'Make another', testId: 'confirm-renew', onChoose: renew }]}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function PersonalPins({ admin }: { admin: RoomAdmin }) {
  const pages = usePages<PinInfo>(useCallback((page) => admin.listPins(page), [admin]));
  const { busy, run } = useDo();
  const [created, setCreated] = useState<CreatedPin | null>(null);
  return (
    <section className={section.section} aria-labelledby="own-pins" data-testid="pins">
      <h2 className={section.heading} id="own-pins">
        PINs of somebody
      </h2>
      <p className={section.hint}>
        Whoever calls with one comes in by this name and role, known by the number or not.
      </p>
      <PinForm
        busy={busy}
        onMake={(pin, made) =>
          run(async () => {
            setCreated(await admin.createPin(pin));
            made();
            pages.reload();
          })
        }
      />
      {created && (
        <div className={section.made} role="status" data-testid="made-pin">
          PIN of {created.displayName}: <strong>{formatPin(created.pin)}</strong>. Write it down now: it is
          shown only this once.
        </div>
      )}
      <PagesView
        pages={pages}
        empty={<p className={section.hint}>None yet. Make one for a host who often calls from the road.</p>}
      >
        {(pins) => (
          <ul className={section.list}>
            {pins.map((pin) => (
              <PinRow
                key={pin.pinId}
                pin={pin}
                busy={busy}
                onRevoke={() =>
                  run(() => {
                    if (created?.pinId === pin.pinId) setCreated(null);
                    return admin.revokePin(pin.pinId).finally(pages.reload);
                  })
                }
              />
            ))}
          </ul>
        )}
      </PagesView>
    </section>
  );
}

function PinRow({ pin, busy, onRevoke }: { pin: PinInfo; busy: boolean; onRevoke: () => void }) {
  const { displayName, role, label, createdAt, expiresAt } = pin;
  const [asking, setAsking] = useState(false);
  const words = [
    inviteRoleWords(role),
    label,
    `made ${formatMoment(createdAt)}`,
    expiresAt === null ? 'until revoked' : `until ${formatMoment(expiresAt)}`,
  ].filter((part) => part !== '');
  return (
    <li className={section.row} data-testid="pin">
      <div className={section.text}>
        <span className={section.name}>{displayName}</span>
        <span className={section.words}>{words.join(' · ')}</span>
      </div>
      <Button
        look="quiet"
        disabled={busy}
        aria-label={`Revoke the PIN of ${displayName}`}
        data-testid="revoke-pin"
        onClick={() => setAsking(true)}
      >
        Revoke
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Revoke the PIN of ${displayName}?`}
          text="It opens nothing any more, and cannot be made again: another one would have other digits. Whoever is in stays."
          choices={[{ label: 'Revoke', look: 'danger', testId: 'confirm-revoke', onChoose: onRevoke }]}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
