import { Mic, Video, Volume2 } from 'lucide-react';
import { useState } from 'react';
import { SPEAKER_CHOICE_SUPPORTED, useDevices } from '../../hooks/useDevices.ts';
import { getPreferences, savePreferences } from '../../lib/preferences.ts';
import { Select } from '../../ui/Select.tsx';
import type { DevicePreview, DeviceState, PreviewState } from './DevicePreview.ts';
import styles from './DevicePickers.module.css';

interface Props {
  preview: DevicePreview;
  devices: PreviewState;
  may: { microphone: boolean; camera: boolean };
}

export function DevicePickers({ preview, devices, may }: Props) {
  const { microphone, camera } = devices;
  // Names of devices can be read once one has been opened.
  const refresh = `${microphone.status} ${camera.status}`;
  const microphones = useDevices('audioinput', refresh);
  const cameras = useDevices('videoinput', refresh);
  return (
    <div className={styles.pickers}>
      {may.microphone && (
        <Select
          label="Microphone"
          icon={Mic}
          value={deviceIdOf(microphone, getPreferences().microphoneId)}
          options={microphones}
          onChange={(microphoneId) => {
            savePreferences({ microphoneId, microphoneOn: true });
            void preview.setDevice('microphone', microphoneId);
          }}
        />
      )}
      {may.camera && (
        <Select
          label="Camera"
          icon={Video}
          value={deviceIdOf(camera, getPreferences().cameraId)}
          options={cameras}
          onChange={(cameraId) => {
            savePreferences({ cameraId, cameraOn: true });
            void preview.setDevice('camera', cameraId);
          }}
        />
      )}
      {SPEAKER_CHOICE_SUPPORTED && <SpeakerPicker refresh={refresh} />}
    </div>
  );
}

function SpeakerPicker({ refresh }: { refresh: string }) {
  const speakers = useDevices('audiooutput', refresh);
  const [speakerId, setSpeakerId] = useState(() => getPreferences().speakerId);
  return (
    <Select
      label="Speaker"
      icon={Volume2}
      value={speakerId}
      options={speakers}
      onChange={(id) => {
        savePreferences({ speakerId: id });
        setSpeakerId(id);
      }}
    />
  );
}

/** The device that is open tells better than the wish which one it is. */
function deviceIdOf(device: DeviceState, wished: string): string {
  return device.status === 'on' ? (device.track.getSettings().deviceId ?? wished) : wished;
}
