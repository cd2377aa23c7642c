import { deviceErrorText } from '../../lib/errorTexts.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import styles from './MediaNotice.module.css';
import type { MediaControls } from './useMediaControls.ts';

/** Why a switch of one's own did not do what it should. */
export function MediaNotice({ controls }: { controls: MediaControls }) {
  const { problem, clearProblem } = controls;
  if (problem === null) return null;
  const retry = {
    microphone: controls.toggleMicrophone,
    camera: controls.toggleCamera,
    screen: controls.toggleScreen,
    both: () => {
      controls.toggleMicrophone();
      controls.toggleCamera();
    },
  }[problem.device];
  return (
    <div className={styles.notice}>
      <Notice text={deviceErrorText(problem.device, problem.problem)} code={problem.problem} tone="warning">
        <Button
          onClick={() => {
            clearProblem();
            retry();
          }}
        >
          Try again
        </Button>
        <Button look="quiet" onClick={clearProblem}>
          Go on without
        </Button>
      </Notice>
    </div>
  );
}
