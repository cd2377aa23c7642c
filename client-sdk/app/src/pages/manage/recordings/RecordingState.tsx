import type { RecordingInfo } from '@parley/client-sdk';
import { recordingNotice } from '../../../lib/recordingNotice.ts';
import { isFinished, isOn } from '../../../lib/recordingTexts.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { Wait } from '../../../ui/Wait.tsx';

/** What is to be said of a recording that is not simply ready. */
export function RecordingState({ recording }: { recording: RecordingInfo }) {
  const { state } = recording;
  if (state === 'paused')
    return <Wait text="The recording is paused. It can be played here when it has ended." />;
  if (isOn(recording))
    return <Wait text="It is still being recorded. It can be played here when it has ended." />;
  if (!isFinished(recording))
    return (
      <Wait text="The recording has ended, and its files are made ready. They appear here by themselves." />
    );
  const notice = recordingNotice(recording);
  return notice && <Notice {...notice} testId={`recording-${state}`} />;
}
