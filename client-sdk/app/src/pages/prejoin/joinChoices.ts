/** Microphone or camera as it is taken into the meeting. */
export interface DeviceChoice {
  on: boolean;
  /** The preview's, to be published as it is; null when it is to be opened anew. */
  track: MediaStreamTrack | null;
}

export interface DeviceChoices {
  microphone: DeviceChoice;
  camera: DeviceChoice;
}

/** As the protocol's DisplayName: 1 to 64 characters, not blank, no control characters. */
export const MAX_DISPLAY_NAME = 64;

/** The name as it is sent, or null when it cannot be. */
export function cleanDisplayName(typed: string): string | null {
  const name = typed.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return name === '' || name.length > MAX_DISPLAY_NAME ? null : name;
}
