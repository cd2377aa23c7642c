import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { getPreferences, savePreferences } from '../../lib/preferences.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { classes } from '../../ui/classes.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import type { DevicePreview, DeviceState, PreviewState } from './DevicePreview.ts';
import styles from './PreviewCard.module.css';

interface Props {
  preview: DevicePreview;
  devices: PreviewState;
  displayName: string;
  may: { microphone: boolean; camera: boolean };
}

const CAMERA_WORDS: Record<DeviceState['status'], string> = {
  off: 'Your camera is off',
  starting: 'Starting your camera…',
  on: '',
  failed: 'No picture from your camera',
};

/** What the others will see, mirrored as in a mirror, with the two switches that matter. */
export function PreviewCard({ preview, devices, displayName, may }: Props) {
  const { microphone, camera } = devices;
  return (
    <div className={classes('dark', styles.card, camera.status === 'failed' && styles.failed)}>
      {camera.status === 'on' ? (
        <PreviewVideo track={camera.track} />
      ) : (
        <div className={styles.placeholder}>
          {displayName.trim() === '' ? (
            <VideoOff size={44} strokeWidth={1.5} aria-hidden />
          ) : (
            <Avatar displayName={displayName} identity={displayName} size={88} />
          )}
          <p>{CAMERA_WORDS[camera.status]}</p>
        </div>
      )}
      <div className={styles.controls}>
        <IconButton
          label={isOn(microphone) ? 'Mute microphone' : 'Unmute microphone'}
          icon={isOn(microphone) ? Mic : MicOff}
          look={isOn(microphone) ? 'solid' : 'off'}
          className={styles.control}
          aria-pressed={isOn(microphone)}
          disabled={!may.microphone}
          data-testid="toggle-mic"
          onClick={() => {
            savePreferences({ microphoneOn: !isOn(microphone) });
            void preview.setEnabled('microphone', !isOn(microphone));
          }}
        />
        <IconButton
          label={isOn(camera) ? 'Turn camera off' : 'Turn camera on'}
          icon={isOn(camera) ? Video : VideoOff}
          look={isOn(camera) ? 'solid' : 'off'}
          className={styles.control}
          aria-pressed={isOn(camera)}
          disabled={!may.camera}
          data-testid="toggle-camera"
          onClick={() => {
            savePreferences({ cameraOn: !isOn(camera) });
            void preview.setEnabled('camera', !isOn(camera));
          }}
        />
      </div>
    </div>
  );
}

function PreviewVideo({ track }: { track: MediaStreamTrack }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={video}
      className={classes(styles.video, getPreferences().mirrorSelf && styles.mirrored)}
      aria-label="Your camera"
      data-testid="preview-video"
      autoPlay
      playsInline
      muted
    />
  );
}

function isOn(device: DeviceState): boolean {
  return device.status === 'on' || device.status === 'starting';
}
