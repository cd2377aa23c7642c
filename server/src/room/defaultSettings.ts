import type { RoomSettings } from '@parley/protocol';
import { OPEN_POLICIES } from '../auth/permissions.ts';
import type { Config } from '../config/schema.ts';

/** The settings of a room of which nothing else was said. */
export function defaultSettings(config: Config['rooms']): RoomSettings {
  const { maxParticipants, guestsAllowed, emptyTimeout, lobby, maxDuration, hostAbsentTimeout } = config;
  return {
    ...OPEN_POLICIES,
    ...{ maxParticipants, guestsAllowed, emptyTimeout, lobby, maxDuration, hostAbsentTimeout },
    title: '',
    metadata: '',
    guestRole: 'participant',
    locked: false,
    lobbyText: '',
    successor: 'member',
    privateChat: 'everyone',
    unmuting: 'everyone',
    chatHistory: 'all',
    autoRecord: 'off',
    autoRecordFormat: 'mp4',
    recordingConsent: 'notify',
    recordBreakouts: false,
    duplicateIdentity: 'replace',
    opensAt: null,
    closesAt: null,
  };
}
