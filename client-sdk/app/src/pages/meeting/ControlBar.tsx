import { Hand, Mic, MicOff, MonitorUp, MonitorX, PhoneOff, Smile, Video, VideoOff } from 'lucide-react';
import { useNarrow } from '../../hooks/useMediaQuery.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import styles from './ControlBar.module.css';
import { DeviceMenu } from './DeviceMenu.tsx';
import { MeetingInfo } from './MeetingInfo.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { REACTIONS } from './reactions.ts';
import { ParticipantsButton, SideActions } from './SideActions.tsx';
import { screenWords, type BarProps } from './barProps.ts';
import { SCREEN_SHARE_SUPPORTED, type MediaControls } from './useMediaControls.ts';

/** The bar at the bottom. On a phone only what thumbs need; the rest is behind "More". */
export function ControlBar(props: BarProps) {
  const { controls, onLeave } = props;
  const narrow = useNarrow();
  return (
    <footer className={styles.bar}>
      {!narrow && <MeetingInfo roomName={props.roomName} startedAt={props.startedAt} />}
      <div className={styles.center} role="toolbar" aria-label="Meeting controls">
        <MicrophoneButton controls={controls} />
        <CameraButton controls={controls} />
        {!narrow && <ScreenButton controls={controls} />}
        {!narrow && <HandButton controls={controls} />}
        {!narrow && <ReactionsButton controls={controls} />}
        {narrow && (
          <>
            <ParticipantsButton {...props} />
            <MoreMenu {...props} />
          </>
        )}
        <IconButton
          label="Leave the meeting"
          icon={PhoneOff}
          look="danger"
          className={styles.leave}
          data-testid="leave"
          onClick={onLeave}
        />
      </div>
      {!narrow && <SideActions {...props} />}
    </footer>
  );
}

const UNMUTE_WORDS: Record<MediaControls['unmuting'], (device: string) => string> = {
  free: (device) => `Unmute ${device}`,
  needsApproval: () => 'Ask a host to let you unmute',
  requested: () => 'You asked to unmute. Take it back',
};

function MicrophoneButton({ controls }: { controls: MediaControls }) {
  const { microphoneOn, mayUse, toggleMicrophone, switchDevice } = controls;
  const allowed = mayUse('microphone');
  const device = controls.speaksByPhone ? 'phone' : 'microphone';
  const label = microphoneOn ? `Mute ${device}` : UNMUTE_WORDS[controls.unmuting](device);
  return (
    <DeviceMenu
      label="Microphone and speaker"
      kind="audioinput"
      onChoose={(id) => switchDevice('audioinput', id)}
    >
      <IconButton
        label={allowed ? label : 'You may only listen in this meeting'}
        icon={microphoneOn ? Mic : MicOff}
        look={microphoneOn ? 'solid' : 'off'}
        shortcut="M"
        aria-pressed={microphoneOn}
        disabled={!allowed}
        data-testid="toggle-mic"
        onClick={toggleMicrophone}
      />
    </DeviceMenu>
  );
}

function CameraButton({ controls }: { controls: MediaControls }) {
  const { cameraOn, mayUse, toggleCamera, switchDevice } = controls;
  const allowed = mayUse('camera');
  const label = cameraOn ? 'Turn camera off' : 'Turn camera on';
  return (
    <DeviceMenu label="Camera" kind="videoinput" onChoose={(id) => switchDevice('videoinput', id)}>
      <IconButton
        label={allowed ? label : 'You may not show your camera in this meeting'}
        icon={cameraOn ? Video : VideoOff}
        look={cameraOn ? 'solid' : 'off'}
        shortcut="V"
        aria-pressed={cameraOn}
        disabled={!allowed}
        data-testid="toggle-camera"
        onClick={toggleCamera}
      />
    </DeviceMenu>
  );
}

function HandButton({ controls: { handRaised, toggleHand } }: { controls: MediaControls }) {
  return (
    <IconButton
      label={handRaised ? 'Lower your hand' : 'Raise your hand'}
      icon={Hand}
      look={handRaised ? 'active' : 'solid'}
      shortcut="H"
      aria-pressed={handRaised}
      data-testid="hand"
      onClick={toggleHand}
    />
  );
}

function ReactionsButton({ controls }: { controls: MediaControls }) {
  return (
    <Menu
      label="React"
      sections={[
        {
          items: REACTIONS.map(({ emoji, name }) => ({
            key: emoji,
            label: `${emoji} ${name}`,
            onSelect: () => controls.react(emoji),
          })),
        },
      ]}
      trigger={(props) => <IconButton {...props} label="React" icon={Smile} data-testid="react" />}
    />
  );
}

function ScreenButton({ controls }: { controls: MediaControls }) {
  const { screenOn, mayUse, toggleScreen } = controls;
  const words = screenWords(controls);
  return (
    <IconButton
      label={words}
      icon={screenOn ? MonitorX : MonitorUp}
      look={screenOn ? 'active' : 'solid'}
      aria-pressed={screenOn}
      disabled={!SCREEN_SHARE_SUPPORTED || !mayUse('screen')}
      data-testid="toggle-screen"
      onClick={toggleScreen}
    />
  );
}
