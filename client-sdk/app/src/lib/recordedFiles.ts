/** Files of recordings in words. */
import type { RecordingEvent, RecordingFile } from '@parley/client-sdk';

const WHOLE: Record<string, string> = { composite: 'Picture and sound', audio: 'All voices' };
const SOURCES: Record<string, string> = {
  camera: 'Camera',
  microphone: 'Microphone',
  screen: 'Screen',
  screenAudio: 'Sound of the screen',
};

/** Display names by participantId. */
export type Names = ReadonlyMap<string, string>;

export const namesIn = (events: readonly RecordingEvent[]): Names =>
  new Map(
    events.flatMap((event) => (event.type === 'joined' ? [[event.participantId, event.name] as const] : [])),
  );

/** What a file is of: `Camera of Ann`, `All voices`; with its part where there are several. */
export function fileWords(file: RecordingFile, files: readonly RecordingFile[], names: Names): string {
  const parts = [...new Set(files.map(({ part }) => part))].sort((a, b) => a - b);
  const words = WHOLE[file.name] ?? trackWords(file.name, names);
  return parts.length > 1 ? `Part ${parts.indexOf(file.part) + 1}: ${words}` : words;
}

/** The name of a track is its source and who it is of, such as `camera PA_1a2b`. */
function trackWords(name: string, names: Names): string {
  const [source = '', participantId = ''] = name.split(' ');
  const words = SOURCES[source];
  if (words === undefined) return name;
  const who = names.get(participantId);
  return who === undefined ? words : `${words} of ${who}`;
}
