import { ChevronUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { SPEAKER_CHOICE_SUPPORTED, useDevices } from '../../hooks/useDevices.ts';
import { useNarrow } from '../../hooks/useMediaQuery.ts';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { savePreferences } from '../../lib/preferences.ts';
import { Menu, type MenuSection } from '../../ui/Menu.tsx';
import type { Option } from '../../ui/Select.tsx';
import styles from './DeviceMenu.module.css';

interface Props {
  label: string;
  kind: 'audioinput' | 'videoinput';
  onChoose: (deviceId: string) => void;
  /** The switch that the menu belongs to. */
  children: ReactNode;
}

/** A switch with the choice of its device beside it. On a phone the choice is in the settings. */
export function DeviceMenu({ label, kind, onChoose, children }: Props) {
  const [openings, setOpenings] = useState(0);
  const devices = useDevices(kind, openings);
  const speakers = useDevices('audiooutput', openings);
  const { microphoneId, cameraId, speakerId } = usePreferences();
  if (useNarrow()) return children;

  const title = kind === 'audioinput' ? 'Microphone' : 'Camera';
  const sections = [
    sectionOf(title, devices, { chosen: kind === 'audioinput' ? microphoneId : cameraId, onChoose }),
  ];
  if (kind === 'audioinput' && SPEAKER_CHOICE_SUPPORTED && speakers.length > 0) {
    const chooseSpeaker = (id: string) => void savePreferences({ speakerId: id });
    sections.push(sectionOf('Speaker', speakers, { chosen: speakerId, onChoose: chooseSpeaker }));
  }
  return (
    <div className={styles.split}>
      {children}
      <Menu
        label={label}
        sections={sections}
        align="start"
        onOpen={() => setOpenings(openings + 1)}
        trigger={(props) => (
          <button
            {...props}
            type="button"
            className={styles.chevron}
            aria-label={`Choose ${label.toLowerCase()}`}
          >
            <ChevronUp size={16} aria-hidden />
          </button>
        )}
      />
    </div>
  );
}

interface Choice {
  chosen: string;
  onChoose: (deviceId: string) => void;
}

function sectionOf(title: string, devices: Option[], { chosen, onChoose }: Choice): MenuSection {
  // Nothing chosen yet means the first, which is the browser's default.
  const current = devices.some(({ value }) => value === chosen) ? chosen : devices[0]?.value;
  const items = devices.map(({ value, label }) => ({
    key: value,
    label,
    checked: value === current,
    onSelect: () => onChoose(value),
  }));
  if (items.length > 0) return { title, items };
  const none = { key: 'none', label: 'None available', disabled: true, onSelect: () => undefined };
  return { title, items: [none] };
}
