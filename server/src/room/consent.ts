import type { Person, RoomCore } from './RoomCore.ts';

type Asking = Pick<RoomCore, 'members' | 'rightsChanged' | 'roster' | 'settings'>;

/** Says whether somebody agrees to be in recordings and streams. */
export function setConsent(room: Asking, { identity }: Pick<Person, 'identity'>, agreed: boolean): void {
  room.members.update(identity, { recordingConsent: agreed ? 'agreed' : 'refused' });
  room.rightsChanged();
}

/** Who records or streams the meeting agrees to be in it, where they are there themselves. */
export function starterAgrees(room: Asking, { identity }: Pick<Person, 'identity'>): void {
  if (room.settings.recordingConsent !== 'ask' || !room.roster.findByIdentity(identity)) return;
  setConsent(room, { identity }, true);
}
