/** What a person chose before joining. */
export interface JoinChoices {
  displayName: string;
  microphoneOn: boolean;
  cameraOn: boolean;
}

/** Tracks of the preview, to be published as they are; null where there is none. */
export interface PreviewTracks {
  microphone: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
}

/** As the protocol's DisplayName: 1 to 64 characters, not blank, no control characters. */
export const MAX_DISPLAY_NAME = 64;

/** The name as it is sent, or null when it cannot be. */
export function cleanDisplayName(typed: string): string | null {
  const name = typed
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return name === '' || name.length > MAX_DISPLAY_NAME ? null : name;
}
