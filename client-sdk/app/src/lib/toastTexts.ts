/** Lines that tell what happened in a meeting. */
import type { Source } from '@parley/client-sdk';

export function joinedText(displayName: string): string {
  return `${displayName} joined`;
}

export function leftText(displayName: string, reason: string): string {
  if (reason === 'movedToBreakout') return `${displayName} went to another room`;
  if (reason === 'movedToLobby') return `${displayName} waits in the lobby again`;
  if (reason === 'banned') return `${displayName} was banned`;
  if (reason === 'removed') return `${displayName} was removed`;
  if (reason === 'connectionLost') return `${displayName} lost the connection`;
  return `${displayName} left`;
}

const MUTED_WORDS: Record<Source, string> = {
  microphone: 'muted you',
  camera: 'turned your camera off',
  screen: 'stopped your shared screen',
  screenAudio: 'muted the sound of your screen',
};

/** `by` is the display name of who did it; null when they are not in the room. */
export function mutedByText(source: Source, by: string | null): string {
  return `${by ?? 'A host'} ${MUTED_WORDS[source]}`;
}

const SOURCE_WORDS: Record<Source, string> = {
  microphone: 'microphone',
  camera: 'camera',
  screen: 'screen',
  screenAudio: 'shared sound',
};

/** After a reconnect the server may refuse what it took before. */
export function refusedText(source: Source): string {
  return `The server no longer accepts your ${SOURCE_WORDS[source]}`;
}
