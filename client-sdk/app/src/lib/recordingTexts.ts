/** Recording and live streaming in words. */
import {
  ParleyError,
  type EgressState,
  type ErrorCode,
  type LiveTarget,
  type PictureLayout,
  type RecordingInfo,
  type RunningRecording,
} from '@parley/client-sdk';
import type { Option } from '../ui/Select.tsx';
import type { ErrorText } from './errorTexts.ts';

export type RecordingKind = RecordingInfo['kind'];

export const KINDS: readonly { kind: RecordingKind; label: string; hint: string }[] = [
  {
    kind: 'composite',
    label: 'Picture and sound',
    hint: 'One film of the meeting, as you would see it. Best for watching later.',
  },
  {
    kind: 'tracks',
    label: 'Every track by itself',
    hint: 'Each camera, microphone and screen in a file of its own, for editing.',
  },
  { kind: 'audio', label: 'Sound only', hint: 'All voices in one file, and each in its own.' },
];

const KIND_WORDS = { composite: 'Picture and sound', tracks: 'Tracks', audio: 'Sound only' } as const;
export const kindWords = (kind: RecordingKind): string => KIND_WORDS[kind];

export const LAYOUT_OPTIONS: Option[] = [
  { value: 'speaker', label: 'Who speaks is large' },
  { value: 'grid', label: 'Everybody alike' },
  { value: 'screen', label: 'The shared screen is large' },
  { value: 'single', label: 'Only who speaks' },
];

export function layoutOf(value: string): PictureLayout {
  const kind = (['speaker', 'grid', 'screen', 'single'] as const).find((known) => known === value);
  return { kind: kind ?? 'speaker', focus: null };
}

export const FORMAT_OPTIONS: Option[] = [
  { value: 'mp4', label: 'MP4: plays everywhere' },
  { value: 'webm', label: 'WebM: an open format' },
];

const STATE_WORDS: Record<RecordingInfo['state'], string> = {
  starting: 'Recording starts…',
  recording: 'Recording',
  paused: 'Recording paused',
  finishing: 'Finishing the recording…',
  ready: 'Ready',
  recovered: 'Recovered after a crash',
  failed: 'Failed',
};
export const stateWords = (state: RecordingInfo['state']): string => STATE_WORDS[state];

/** Whether something is added to it, or may be again. */
export const isOn = ({ state }: Pick<RunningRecording, 'state'>): boolean =>
  state === 'starting' || state === 'recording' || state === 'paused';

/** Nothing has to be waited for any more. */
export const isFinished = ({ state }: Pick<RecordingInfo, 'state'>): boolean =>
  state === 'ready' || state === 'recovered' || state === 'failed';

/** What is to be said of all recordings of a place, the worst first; null when nothing is. */
export function mainRecording(list: readonly RunningRecording[]): RunningRecording | null {
  const order = ['recording', 'starting', 'paused', 'finishing', 'failed'];
  const ranked = list.filter(({ state }) => order.includes(state));
  return ranked.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0] ?? null;
}

const TARGET_WORDS: Record<LiveTarget['state'], string> = {
  connecting: 'Connecting…',
  live: 'Live',
  retrying: 'Trying again…',
  failed: 'Not reached',
};
export const targetWords = (state: LiveTarget['state']): string => TARGET_WORDS[state];

/** Lines for the toasts and for screen readers: what has changed between two states. */
export function egressNews(before: EgressState, now: EgressState): string[] {
  return [...recordingNews(before.recordings, now.recordings), ...liveNews(before.live, now.live)];
}

function recordingNews(before: readonly RunningRecording[], now: readonly RunningRecording[]): string[] {
  const wasOf = new Map(before.map((recording) => [recording.recordingId, recording]));
  const lines = now.flatMap((recording) => {
    const was = wasOf.get(recording.recordingId);
    return was?.state === recording.state ? [] : (lineOf(recording, was?.state) ?? []);
  });
  const gone = before.filter((was) => isOn(was) && !now.some((one) => one.recordingId === was.recordingId));
  return [...lines, ...gone.map(() => ENDED)];
}

const ENDED = 'The recording has ended';

function lineOf({ state, message }: RunningRecording, was: RunningRecording['state'] | undefined) {
  if (state === 'recording')
    return was === 'paused' ? 'The recording goes on' : 'This meeting is being recorded';
  if (state === 'paused') return 'The recording is paused';
  if (state === 'failed') return `The recording has failed. ${message}`.trim();
  const isOver = state === 'finishing' || state === 'ready';
  return isOver && was !== 'finishing' ? ENDED : null;
}

function liveNews(before: EgressState['live'], now: EgressState['live']): string[] {
  if (before?.liveId === now?.liveId) return [];
  return now === null ? ['The meeting is no longer live'] : ['This meeting is live: people outside see it'];
}

/** Why recording or streaming did not work, in words, with what to do. Where the server has numbers, they are told. */
const TEXTS: Partial<Record<ErrorCode, ErrorText>> = {
  RECORDING_OFF: {
    title: 'This server does not record',
    text: 'Its operator has switched recording off, and can set recorder.enabled.',
  },
  RECORDING_RUNNING: {
    title: 'This is being recorded already',
    text: 'Stop that recording first, or record something else: tracks, or sound only.',
  },
  RECORDING_FFMPEG_MISSING: {
    title: 'The server lacks ffmpeg',
    text: 'Without it nothing can be recorded. Ask its operator to install it; “npm run parley doctor” says how.',
  },
  PERMISSION_DENIED: { title: 'You may not do this', text: 'Ask a host of the meeting to do it.' },
  RECORDING_NOT_RUNNING: { title: 'Nothing is being recorded', text: 'It has ended meanwhile.' },
  LIVE_NOT_RUNNING: { title: 'The meeting is not live', text: 'The stream has ended meanwhile.' },
  LIVE_RUNNING: { title: 'The meeting is live already', text: 'Somebody else may have started it just now.' },
};
const TITLES: Partial<Record<ErrorCode, string>> = {
  RECORDING_CAPACITY: 'The server has no room for this now',
  RECORDING_DISK_FULL: 'The disk of the server is nearly full',
  RECORDING_FAILED: 'It could not be started',
  LIVE_TARGET_INVALID: 'This address cannot be streamed to',
  LIVE_TOO_MANY_TARGETS: 'There are too many targets',
};

export function egressErrorText(error: unknown): ErrorText {
  if (!(error instanceof ParleyError)) return { title: 'That did not work', text: 'Try again.' };
  const { code, message } = error;
  return TEXTS[code] ?? { title: TITLES[code] ?? 'That did not work', text: message };
}
