import { ParleyError, type RoomSettings, type RoomSettingsPatch } from '@parley/protocol';
import { hashPassword } from '../auth/passwords.ts';
import type { RoomRecord } from './ports.ts';

/** What is to be different in a room: of the password only its hash is known from here on. */
export interface SettingsChange {
  settings: Partial<RoomSettings>;
  /** Absent when it stays as it is; null when there is to be none. */
  passwordHash?: string | null;
}

export async function prepareChange({ password, ...settings }: RoomSettingsPatch): Promise<SettingsChange> {
  if (password === undefined) return { settings };
  return { settings, passwordHash: password === null ? null : await hashPassword(password) };
}

export const applyChange = (record: RoomRecord, { settings, ...rest }: SettingsChange): RoomRecord => ({
  ...{ ...record, ...rest },
  settings: { ...record.settings, ...settings },
});

/** The change as others may know it. */
export const publicChange = ({ settings, passwordHash }: SettingsChange): Record<string, unknown> => ({
  ...settings,
  ...(passwordHash !== undefined && { hasPassword: passwordHash !== null }),
});

/** Whether hours that are given go with those that stay. Throws INVALID_PARAMS when the room would close before it opens. */
export function assertHours(given: Partial<RoomSettings>, present: Partial<RoomSettings> = {}): void {
  if (given.opensAt === undefined && given.closesAt === undefined) return;
  const { opensAt = null, closesAt = null } = { ...present, ...given };
  if (opensAt === null || closesAt === null || opensAt < closesAt) return;
  const reason = 'The room would close before it opens: `closesAt` has to be later than `opensAt`.';
  throw new ParleyError('INVALID_PARAMS', { message: reason, details: { path: 'closesAt', reason } });
}
