import { Mic } from 'lucide-react';
import { LevelMeter } from '../../ui/LevelMeter.tsx';
import type { DeviceState } from './DevicePreview.ts';
import styles from './MicrophoneLevel.module.css';

/** Shows that the microphone hears something. */
export function MicrophoneLevel({ microphone }: { microphone: DeviceState }) {
  return (
    <div className={styles.level}>
      <Mic size={16} aria-hidden />
      <LevelMeter
        track={microphone.status === 'on' ? microphone.track : null}
        label="Level of your microphone"
        testId="device-mic-level"
      />
    </div>
  );
}
