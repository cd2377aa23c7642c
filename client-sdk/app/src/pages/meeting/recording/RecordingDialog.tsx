import { useRecording, useRoomState } from '@parley/client-sdk/react';
import { useState } from 'react';
import { isOn, mainRecording } from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { RecordingCard } from './RecordingCard.tsx';
import { RecordingForm } from './RecordingForm.tsx';
import styles from './recording.module.css';

interface Props {
  onConsent: () => void;
  onClose: () => void;
}

/** What is recorded here, and what one does about it; for those who may not record, what it means for them. */
export function RecordingDialog({ onConsent, onClose }: Props) {
  const room = useRoomState();
  const { list, consent } = useRecording();
  const [adding, setAdding] = useState(false);
  const mayRecord = room.permissions.canRecord;
  const shown = list.filter((recording) => mainRecording([recording]) !== null);
  const running = shown.filter(isOn);
  const withForm = mayRecord && (running.length === 0 || adding);
  return (
    <Dialog title={running.length === 0 && mayRecord ? 'Record the meeting' : 'Recording'} onClose={onClose}>
      <div className={styles.dialog} data-testid="recording-dialog">
        {shown.map((recording) => (
          <RecordingCard key={recording.recordingId} recording={recording} mayControl={mayRecord} />
        ))}
        {shown.length === 0 && !mayRecord && <p>The recording has ended.</p>}
        {withForm && (
          <RecordingForm taken={running.map(({ kind }) => kind)} onStarted={() => setAdding(false)} />
        )}
        {mayRecord && running.length > 0 && !adding && running.length < 3 && (
          <Button look="quiet" className={styles.more} onClick={() => setAdding(true)}>
            Record something else as well…
          </Button>
        )}
        {consent !== undefined && shown.length > 0 && (
          <div className={styles.own}>
            <p>{CONSENT_WORDS[consent]}</p>
            <Button data-testid="change-consent" onClick={onConsent}>
              Change…
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

const CONSENT_WORDS = {
  agreed: 'You agreed: you are in the recording.',
  refused: 'You are not in the recording.',
  asked: 'You have not answered yet, so you are not in the recording.',
} as const;
