/** What is to be said of a recording that has ended otherwise than it should. */
import type { RecordingInfo } from '@parley/client-sdk';
import type { ErrorText } from './errorTexts.ts';

interface RecordingNotice {
  tone: 'warning' | 'danger';
  text: ErrorText;
}

type Ended = Pick<RecordingInfo, 'state' | 'message' | 'files'>;

/** null when all is well. What happened, why, and what there is of it. */
export function recordingNotice({ state, message, files }: Ended): RecordingNotice | null {
  const isLost = files.length === 0;
  const tone = isLost ? 'danger' : 'warning';
  if (state === 'failed')
    return {
      tone,
      text: { title: 'The recording did not reach its end', text: lines(message, rest(isLost)) },
    };
  if (state === 'recovered')
    return {
      tone,
      text: {
        title: 'The server was interrupted while this was recorded',
        text: lines('At most the last two seconds before that are missing.', message, rest(isLost)),
      },
    };
  if (message === '') return null;
  return { tone, text: { title: 'The recording was ended early', text: message } };
}

const rest = (isLost: boolean): string =>
  isLost
    ? 'Nothing could be kept of it: delete it, and ask the operator what the log of the server says.'
    : 'What was recorded is here, to be played and saved.';

const lines = (...sentences: string[]): string => sentences.filter((words) => words !== '').join(' ');
