import { useSyncExternalStore } from 'react';
import { getPreferences, subscribePreferences, type Preferences } from '../lib/preferences.ts';

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribePreferences, getPreferences);
}
