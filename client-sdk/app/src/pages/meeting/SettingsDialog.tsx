import { usePublication, useRoom } from '@parley/client-sdk/react';
import { Mic, Video, Volume2 } from 'lucide-react';
import { SPEAKER_CHOICE_SUPPORTED, useDevices } from '../../hooks/useDevices.ts';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { savePreferences } from '../../lib/preferences.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Switch } from '../../ui/Field.tsx';
import { LevelMeter } from '../../ui/LevelMeter.tsx';
import { Select, type Option } from '../../ui/Select.tsx';
import styles from './SettingsDialog.module.css';
import type { MediaControls } from './useMediaControls.ts';

interface Props {
  controls: MediaControls;
  onClose: () => void;
}

export function SettingsDialog({ controls, onClose }: Props) {
  const microphone = usePublication(useRoom().localParticipant, 'microphone');
  const preferences = usePreferences();
  const microphones = useDevices('audioinput', null);
  const cameras = useDevices('videoinput', null);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <section className={styles.section}>
        <h3 className={styles.heading}>Microphone</h3>
        <Select
          label="Microphone"
          icon={Mic}
          value={currentOf(preferences.microphoneId, microphones)}
          options={microphones}
          onChange={(id) => controls.switchDevice('audioinput', id)}
        />
        <LevelMeter
          track={controls.microphoneOn ? (microphone?.track ?? null) : null}
          label="Level of your microphone"
        />
        {!controls.microphoneOn && <p className={styles.hint}>You are muted; unmute to see your level.</p>}
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>Camera</h3>
        <Select
          label="Camera"
          icon={Video}
          value={currentOf(preferences.cameraId, cameras)}
          options={cameras}
          onChange={(id) => controls.switchDevice('videoinput', id)}
        />
        <Switch
          label="Mirror my picture"
          hint="For you only; the others see you the right way round."
          checked={preferences.mirrorSelf}
          onChange={(mirrorSelf) => savePreferences({ mirrorSelf })}
        />
      </section>
      {SPEAKER_CHOICE_SUPPORTED && <SpeakerSection speakerId={preferences.speakerId} />}
      <section className={styles.section}>
        <h3 className={styles.heading}>Keys</h3>
        <dl className={styles.keys}>
          {KEYS.map(([key, words]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Dialog>
  );
}

const KEYS = [
  ['M', 'Mute or unmute'],
  ['V', 'Camera on or off'],
  ['P', 'Participants'],
  ['F', 'Full screen'],
  ['Esc', 'Close what is open'],
] as const;

function SpeakerSection({ speakerId }: { speakerId: string }) {
  const speakers = useDevices('audiooutput', null);
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>Speaker</h3>
      <Select
        label="Speaker"
        icon={Volume2}
        value={currentOf(speakerId, speakers)}
        options={speakers}
        onChange={(id) => savePreferences({ speakerId: id })}
      />
    </section>
  );
}

function currentOf(wished: string, options: Option[]): string {
  return options.some(({ value }) => value === wished) ? wished : (options[0]?.value ?? '');
}
