import { CircleDot, FileVideo, ShieldQuestion, Users } from 'lucide-react';
import { FORMAT_OPTIONS } from '../../../lib/recordingTexts.ts';
import { Switch } from '../../../ui/Field.tsx';
import { AUTO_RECORD, CONSENT, RECORDING } from './options.ts';
import { Choices, type Choice, type SettingsProps } from './SettingControls.tsx';
import styles from './settings.module.css';

const ALWAYS: readonly Choice[] = [
  { key: 'recording', label: 'Who records', icon: Users, options: RECORDING },
  { key: 'recordingConsent', label: 'Consent', icon: ShieldQuestion, options: CONSENT },
  { key: 'autoRecord', label: 'Recording by itself', icon: CircleDot, options: AUTO_RECORD },
];
const FORMAT: Choice = { key: 'autoRecordFormat', label: 'Format', icon: FileVideo, options: FORMAT_OPTIONS };

/** Who and what is recorded, and who is asked. */
export function RecordingSettings({ settings, onChange }: SettingsProps) {
  const choices = settings.autoRecord === 'composite' ? [...ALWAYS, FORMAT] : ALWAYS;
  return (
    <section className={styles.section} data-testid="recording-settings">
      <h3 className={styles.heading}>Recording</h3>
      <Choices choices={choices} settings={settings} onChange={onChange} />
      <Switch
        label="Record breakout rooms as well"
        hint="Each that is open in a recording of its own, whenever the main room is recorded."
        checked={settings.recordBreakouts}
        onChange={(recordBreakouts) => onChange({ recordBreakouts })}
      />
    </section>
  );
}
