import { deviceErrorText } from '../../lib/errorTexts.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import type { DeviceName, DevicePreview, PreviewState } from './DevicePreview.ts';

interface Props {
  preview: DevicePreview;
  devices: PreviewState;
}

/** What is wrong with the devices; told once when both fail alike. */
export function DeviceNotices({ preview, devices }: Props) {
  const { microphone, camera } = devices;
  const microphoneProblem = microphone.status === 'failed' ? microphone.problem : null;
  const cameraProblem = camera.status === 'failed' ? camera.problem : null;
  const retry = (...names: DeviceName[]) => {
    for (const name of names) void preview.setEnabled(name, true);
  };

  if (microphoneProblem !== null && microphoneProblem === cameraProblem) {
    return (
      <Notice text={deviceErrorText('both', cameraProblem)} code={cameraProblem} tone="warning">
        <Button onClick={() => retry('microphone', 'camera')}>Try again</Button>
      </Notice>
    );
  }
  return (
    <>
      {cameraProblem !== null && (
        <Notice text={deviceErrorText('camera', cameraProblem)} code={cameraProblem} tone="warning">
          <Button onClick={() => retry('camera')}>Try again</Button>
        </Notice>
      )}
      {microphoneProblem !== null && (
        <Notice
          text={deviceErrorText('microphone', microphoneProblem)}
          code={microphoneProblem}
          tone="warning"
        >
          <Button onClick={() => retry('microphone')}>Try again</Button>
        </Notice>
      )}
    </>
  );
}
