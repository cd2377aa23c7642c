import { deviceErrorText, type DeviceKind, type DeviceProblem } from '../../lib/errorTexts.ts';
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
      <DeviceNotice device="both" problem={cameraProblem} onRetry={() => retry('microphone', 'camera')} />
    );
  }
  return (
    <>
      {cameraProblem !== null && (
        <DeviceNotice device="camera" problem={cameraProblem} onRetry={() => retry('camera')} />
      )}
      {microphoneProblem !== null && (
        <DeviceNotice device="microphone" problem={microphoneProblem} onRetry={() => retry('microphone')} />
      )}
    </>
  );
}

/** Trying again changes nothing about the page or the browser. */
const HOPELESS: ReadonlySet<DeviceProblem> = new Set(['insecureContext', 'unsupported']);

function DeviceNotice(props: { device: DeviceKind; problem: DeviceProblem; onRetry: () => void }) {
  const { device, problem, onRetry } = props;
  return (
    <Notice text={deviceErrorText(device, problem)} code={problem} tone="warning">
      {HOPELESS.has(problem) ? undefined : <Button onClick={onRetry}>Try again</Button>}
    </Notice>
  );
}
