import type { LiveStream, ParticipantInfo } from '@parley/client-sdk';
import { useLive, useRecording, useRoomState } from '@parley/client-sdk/react';
import { Eye, LayoutGrid, Plus } from 'lucide-react';
import { useState } from 'react';
import { useServerUrl } from '../../../hooks/useServerUrl.ts';
import { formatDuration } from '../../../lib/duration.ts';
import { count } from '../../../lib/moments.ts';
import { layoutOf, LAYOUT_OPTIONS } from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { CopyRow } from '../../../ui/CopyRow.tsx';
import { Select } from '../../../ui/Select.tsx';
import { SidePanel } from '../../../ui/SidePanel.tsx';
import { useAct } from '../useAct.ts';
import { useServerNow } from '../useServerNow.ts';
import { GoLiveForm } from './GoLiveForm.tsx';
import { TargetForm } from './TargetForm.tsx';
import { TargetList } from './TargetList.tsx';
import styles from './live.module.css';

/** The meeting, streamed to the world: what hosts do about it, and what everybody may know. */
export function LivePanel({ onClose }: { onClose: () => void }) {
  const room = useRoomState();
  const { stream } = useLive();
  const isHost = room.permissions.roomAdmin;
  return (
    <SidePanel title="Live stream" testId="live-panel" onClose={onClose}>
      <div className={styles.panel}>
        {stream !== null ? (
          <Running stream={stream} isHost={isHost} />
        ) : room.breakouts.breakoutId !== null ? (
          <p className={styles.hint}>Only the main room is streamed. Go back to it to see or change that.</p>
        ) : isHost ? (
          <GoLiveForm />
        ) : (
          <p className={styles.hint}>The meeting is not live. Nobody outside sees it.</p>
        )}
      </div>
    </SidePanel>
  );
}

function Running({ stream, isHost }: { stream: LiveStream; isHost: boolean }) {
  const { page, viewers, startedAt } = stream;
  const now = useServerNow(true);
  const url = useServerUrl();
  const { consent } = useRecording();
  return (
    <>
      <div className={styles.now}>
        <span className={styles.live}>Live</span>
        <span className={styles.time}>{formatDuration(Math.max(0, now - startedAt))}</span>
        {page !== null && (
          <span className={styles.viewers} data-testid="panel-viewers">
            <Eye size={17} aria-hidden /> {count(viewers, 'viewer', 'viewers')}
          </span>
        )}
      </div>
      {page === null ? (
        <p className={styles.hint}>There is no page to watch it on; it goes to the targets only.</p>
      ) : (
        <CopyRow label="Anybody with this link can watch" url={url + page} testId="live-link" />
      )}
      {isHost ? <HostTools stream={stream} /> : <p className={styles.hint}>{seenOutside(consent)}</p>}
    </>
  );
}

const seenOutside = (consent: ParticipantInfo['recordingConsent']): string =>
  consent === undefined || consent === 'agreed'
    ? 'People outside see and hear what is in this meeting.'
    : 'People outside see and hear what is in this meeting, without you: you have not agreed.';

function HostTools({ stream: { layout, targets } }: { stream: LiveStream }) {
  const live = useLive();
  const act = useAct();
  const [adding, setAdding] = useState(false);
  const [stopping, setStopping] = useState(false);
  return (
    <>
      <Select
        label="Layout"
        icon={LayoutGrid}
        value={layout.kind}
        options={LAYOUT_OPTIONS}
        onChange={(value) => act(live.setLayout(layoutOf(value)))}
      />
      <section className={styles.section} aria-labelledby="live-targets">
        <h3 className={styles.heading} id="live-targets">
          Sent to
        </h3>
        <TargetList targets={targets} />
        {adding ? (
          <TargetForm onDone={() => setAdding(false)} />
        ) : (
          <Button data-testid="add-target" onClick={() => setAdding(true)}>
            <Plus size={18} aria-hidden /> Add a streaming service
          </Button>
        )}
      </section>
      <Button look="danger" data-testid="stop-live" onClick={() => setStopping(true)}>
        End the live stream…
      </Button>
      {stopping && (
        <ConfirmDialog
          title="End the live stream?"
          text="Whoever watches sees that it is over. The meeting goes on."
          choices={[
            { label: 'End it', look: 'danger', testId: 'confirm-end-live', onChoose: () => act(live.stop()) },
          ]}
          onClose={() => setStopping(false)}
        />
      )}
    </>
  );
}
