import { ParleyError, type LeaveReason, type MethodParams, type Role, type Source } from '@parley/protocol';
import { isHost, mayActOn, mayGiveRole } from '../auth/permissions.ts';
import { personOf } from './actors.ts';
import type { Participant } from './Participant.ts';
import type { Actor, RoomCore } from './RoomCore.ts';

/** What moderation asks of the room beside what all parts share. */
export interface ModeratedRoom extends RoomCore {
  remove(participant: Participant, reason: LeaveReason): void;
  sendToLobby(participant: Participant): void;
}

/** What hosts do to others. Nobody but an owner acts on an owner. */
export class Moderation {
  readonly #room: ModeratedRoom;

  constructor(room: ModeratedRoom) {
    this.#room = room;
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED. */
  async mute(by: Actor, { participantId, source, hard }: MethodParams<'participant.mute'>): Promise<void> {
    const target = this.#person(by, participantId);
    await this.#silence(target, source, { by, hard: hard === true });
    this.#room.audit(by, 'participant.mute', { to: target, details: { source, hard: hard === true } });
  }

  async muteAll(by: Actor, { hard = false, hosts = false }: MethodParams<'room.muteAll'>): Promise<void> {
    const { roster } = this.#room;
    const targets = roster.visiblePeople.filter(
      (target) =>
        target.identity !== by.identity && (hosts ? mayActOn(by.role, target.role) : !isHost(target.role)),
    );
    for (const target of targets) await this.#silence(target, 'microphone', { by, hard });
    this.#room.audit(by, 'room.muteAll', { details: { hard, hosts } });
  }

  /** Asks somebody to unmute, and lets them. Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED. */
  askToUnmute(by: Actor, participantId: string): void {
    const target = this.#person(by, participantId);
    this.#room.members.update(target.identity, { unmuting: 'allowed' });
    this.#room.rightsChanged();
    target.notify({ method: 'self.askedToUnmute', params: { from: by.displayName } });
    this.#room.audit(by, 'participant.askToUnmute', { to: target });
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED, WRONG_STATE when they do not ask. */
  answerUnmute(by: Actor, { participantId, allowed }: MethodParams<'participant.answerUnmute'>): void {
    const target = this.#target(by, participantId);
    if (target.info.unmuting !== 'requested') throw new ParleyError('WRONG_STATE');
    if (allowed) this.#room.members.update(target.identity, { unmuting: 'allowed' });
    else target.setAsksToUnmute(false);
    this.#room.rightsChanged();
    target.notify({ method: 'self.unmuteAnswered', params: { allowed } });
    this.#room.audit(by, 'participant.answerUnmute', { to: target, details: { allowed } });
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED. */
  setRole(by: Actor, { participantId, role }: { participantId: string; role: Role }): void {
    const target = this.#room.roster.get(participantId);
    if (target.isRecorder || !mayGiveRole(by.role, target.role, role))
      throw new ParleyError('PERMISSION_DENIED');
    if (target.role === role) return;
    const from = target.role;
    this.#room.members.update(target.identity, { role });
    this.#room.rightsChanged();
    this.#room.audit(by, 'participant.setRole', { to: target, details: { from, role } });
    this.#room.events.tell({ type: 'roleChanged', participant: target.info, from, by: personOf(by) });
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED. */
  rename(by: Actor, { participantId, displayName }: { participantId: string; displayName: string }): void {
    const target = this.#person(by, participantId);
    const from = target.displayName;
    const name = displayName.trim();
    this.#room.members.update(target.identity, { displayName: name });
    target.setDisplayName(name);
    this.#room.stateChanged();
    this.#room.audit(by, 'participant.rename', { to: target, details: { from } });
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED. */
  remove(by: Actor, { participantId, ban = false }: { participantId: string; ban?: boolean }): void {
    const target = this.#target(by, participantId);
    if (target.identity === by.identity) throw new ParleyError('WRONG_STATE');
    if (ban) {
      const { identity, displayName, grants } = target;
      this.#room.bans.add({ identity, displayName, isGuest: grants.isGuest }, by);
      this.#room.invites.revokeOf(identity, by);
    }
    this.#room.members.dismiss(target.identity);
    this.#room.audit(by, ban ? 'participant.ban' : 'participant.remove', { to: target });
    this.#room.remove(target, ban ? 'banned' : 'removed');
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED. */
  sendToLobby(by: Actor, participantId: string): void {
    const target = this.#person(by, participantId);
    if (target.identity === by.identity) throw new ParleyError('WRONG_STATE');
    this.#room.audit(by, 'participant.sendToLobby', { to: target });
    this.#room.sendToLobby(target);
  }

  /** From now on everybody has to ask before unmuting: those who speak without having been allowed are muted. */
  silenceUnapproved(): void {
    for (const participant of this.#room.roster.all)
      if (participant.info.unmuting !== 'free')
        // Who has just left needs no muting.
        participant.silence('microphone', 'room').catch(() => undefined);
  }

  tellOfGuessing(): void {
    const message =
      'Somebody seems to guess the password of this room. Tries are slowed down now. A lobby or a lock keeps them out.';
    this.#room.roster.tellHosts({ method: 'room.notice', params: { kind: 'passwordGuessing', message } });
    this.#room.audit(null, 'room.passwordGuessing');
  }

  async #silence(
    target: Participant,
    source: Source,
    { by, hard }: { by: Actor; hard: boolean },
  ): Promise<void> {
    if (hard && source === 'microphone' && !isHost(target.role)) {
      this.#room.members.update(target.identity, { unmuting: 'muted' });
      this.#room.rightsChanged();
    }
    await target.silence(source, by.identity);
  }

  /** A recorder can be removed, and nothing else: it is what its job makes it. */
  #person(by: Actor, participantId: string): Participant {
    const target = this.#target(by, participantId);
    if (target.isRecorder) throw new ParleyError('PERMISSION_DENIED');
    return target;
  }

  #target(by: Actor, participantId: string): Participant {
    const target = this.#room.roster.get(participantId);
    if (target.identity !== by.identity && !mayActOn(by.role, target.role))
      throw new ParleyError('PERMISSION_DENIED');
    return target;
  }
}
