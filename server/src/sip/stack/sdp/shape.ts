import type { AudioDescription, MediaLine, RemoteDescription } from './model.ts';

/** What stays as it is once a session has it: later offers are made in it (RFC 3264, section 8). */
export interface Shape {
  /** All that there ever were, in order: one that is not wanted is refused, and not left out. */
  readonly lines: readonly MediaLine[];
  /** That of the sound. */
  readonly profile: string;
  /** Payload types: one that has meant something never means anything else (RFC 3264, section 8.3.2). */
  readonly opus: number;
  readonly event: number;
}

const [FIRST_DYNAMIC, LAST_DYNAMIC] = [96, 127];

/** Before anything was said. */
export const shapeOfOwn = (profile: string): Shape => ({
  ...{ profile, opus: 111, event: 101 },
  lines: [{ kind: 'audio', profile, formats: '', isAudio: true }],
});

/** Once an offer was answered. `theirs`: the sound of it. */
export function shapeAfter(
  { lines }: RemoteDescription,
  theirs: AudioDescription,
  { opus, event }: Shape,
): Shape {
  const taken = new Set(
    lines
      .find(({ isAudio }) => isAudio)
      ?.formats.split(' ')
      .map(Number),
  );
  const free = (wanted: number): number => {
    let type = taken.has(wanted) ? FIRST_DYNAMIC : wanted;
    while (taken.has(type) && type < LAST_DYNAMIC) type += 1;
    taken.add(type);
    return type;
  };
  return {
    ...{ lines, profile: theirs.profile },
    opus: theirs.formats.find(({ name }) => name === 'opus')?.payloadType ?? free(opus),
    event: theirs.telephoneEvent ?? free(event),
  };
}
