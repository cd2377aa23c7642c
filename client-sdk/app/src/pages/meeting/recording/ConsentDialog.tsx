import type { Room } from '@parley/client-sdk';
import { useLive, useRecording, useRoomState } from '@parley/client-sdk/react';
import { Video, VideoOff } from 'lucide-react';
import { useState } from 'react';
import { isOn } from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { useAct } from '../useAct.ts';
import styles from './recording.module.css';

/** Asks whether one may be recorded, once for each recording and stream; closing it answers nothing. */
export function ConsentQuestion() {
  const recording = useRecording();
  const { stream } = useLive();
  const [later, setLater] = useState<string | null>(null);
  const running = recording.list.find(isOn)?.recordingId ?? stream?.liveId ?? null;
  if (!recording.asksForConsent || running === later) return null;
  return <ConsentDialog onClose={() => setLater(running)} />;
}

function whatGoesOn({ recording, live }: Room): string {
  const isRecorded = recording.list.some(isOn);
  if (isRecorded && live.stream) return 'This meeting is being recorded and streamed live.';
  if (isRecorded) return 'This meeting is being recorded.';
  return live.stream ? 'This meeting is streamed live.' : 'This meeting may be recorded or streamed live.';
}

function questionOf({ recording, live }: Room): string {
  if (recording.list.some(isOn)) return 'May you be recorded?';
  return live.stream ? 'May you be in the live stream?' : 'May you be recorded or streamed?';
}

/** What agreeing means, and what not agreeing means. */
export function ConsentDialog({ onClose }: { onClose: () => void }) {
  const room = useRoomState();
  const act = useAct();
  const answer = (agreed: boolean) => {
    act(room.recording.setConsent(agreed));
    onClose();
  };
  const { consent } = room.recording;
  return (
    <Dialog title={questionOf(room)} onClose={onClose}>
      <div className={styles.consent} data-testid="consent">
        <p>{whatGoesOn(room)} Your camera, microphone and screen are in it only if you agree.</p>
        <ul className={styles.meanings}>
          <li>
            <Video size={18} aria-hidden /> Agree, and you are seen and heard in recordings and live streams
            of this meeting, with your name.
          </li>
          <li>
            <VideoOff size={18} aria-hidden /> Do not, and you take part as before, but they have neither your
            picture nor your voice.
          </li>
        </ul>
        <p className={styles.hint}>
          {consent === 'asked' ? 'Until you answer you are in neither. ' : ''}
          You can change it at any time in the menu “More”; what was recorded before stays.
        </p>
        <div className={styles.actions}>
          <Button
            data-testid="consent-refuse"
            aria-pressed={consent === 'refused'}
            onClick={() => answer(false)}
          >
            Leave me out
          </Button>
          <Button
            look="primary"
            data-testid="consent-agree"
            aria-pressed={consent === 'agreed'}
            onClick={() => answer(true)}
          >
            I agree
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
