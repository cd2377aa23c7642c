/** What this browser remembers between meetings. Private windows may refuse storage: then nothing is kept. */

export interface Preferences {
  displayName: string;
  microphoneOn: boolean;
  cameraOn: boolean;
  microphoneId: string;
  cameraId: string;
  speakerId: string;
  mirrorSelf: boolean;
}

const KEY = 'parley.preferences';

const DEFAULTS: Preferences = {
  displayName: '',
  microphoneOn: true,
  cameraOn: true,
  microphoneId: '',
  cameraId: '',
  speakerId: '',
  mirrorSelf: true,
};

const listeners = new Set<() => void>();
let current: Preferences | null = null;

export function getPreferences(): Preferences {
  return (current ??= readPreferences());
}

export function savePreferences(change: Partial<Preferences>): void {
  current = { ...getPreferences(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage is full or refused; the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function subscribePreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readPreferences(): Preferences {
  try {
    return mergePreferences(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return { ...DEFAULTS };
  }
}

/** Takes the known fields of the right type from what was stored, and defaults for the rest. */
export function mergePreferences(stored: unknown): Preferences {
  const record: Record<string, unknown> = typeof stored === 'object' && stored !== null ? { ...stored } : {};
  const text = (key: 'displayName' | 'microphoneId' | 'cameraId' | 'speakerId') => {
    const value = record[key];
    return typeof value === 'string' ? value : DEFAULTS[key];
  };
  const flag = (key: 'microphoneOn' | 'cameraOn' | 'mirrorSelf') => {
    const value = record[key];
    return typeof value === 'boolean' ? value : DEFAULTS[key];
  };
  return {
    displayName: text('displayName'),
    microphoneOn: flag('microphoneOn'),
    cameraOn: flag('cameraOn'),
    microphoneId: text('microphoneId'),
    cameraId: text('cameraId'),
    speakerId: text('speakerId'),
    mirrorSelf: flag('mirrorSelf'),
  };
}
