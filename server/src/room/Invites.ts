import { createHash } from 'node:crypto';
import { ParleyError, RoleSchema, type CreateInviteBody, type InviteInfo } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import type { JoinGrants } from '../auth/grants.ts';
import { mayActOn } from '../auth/permissions.ts';
import { newId, newSecret } from '../util/ids.ts';
import type { Actor, AuditAbout, Person } from './actors.ts';
import type { Members } from './Members.ts';
import type { ItemKind, ItemStore } from './ports.ts';

const InviteRecord = Type.Object({
  inviteId: Type.String(),
  /** SHA-256 of the code, in hexadecimal. The code itself is random enough to need no slower hash, and is not kept. */
  codeHash: Type.String(),
  role: RoleSchema,
  label: Type.String(),
  createdAt: Type.Integer(),
  createdBy: Type.Object({ identity: Type.String(), displayName: Type.String() }),
  expiresAt: Type.Union([Type.Integer(), Type.Null()]),
  maxUses: Type.Union([Type.Integer(), Type.Null()]),
  uses: Type.Integer(),
  /** Who came by it, newest last, so that a ban of one of them finds it. */
  usedBy: Type.Array(Type.String()),
});
type InviteRecord = Static<typeof InviteRecord>;
const INVITES: ItemKind<typeof InviteRecord> = { kind: 'invite', schema: InviteRecord, lasting: true };

const MAX_INVITES = 1000;
const MAX_REMEMBERED = 500;

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');

/** What invitations have to know of their room. */
export interface InvitedRoom {
  readonly roomId: string;
  readonly stores: { readonly items: ItemStore };
  readonly members: Pick<Members, 'get'>;
  audit(by: Person | null, action: string, about?: AuditAbout): void;
}

/** Invitations to a room: each gives whoever has its code a role, until it expires, is used up or is revoked. */
export class Invites {
  readonly #room: InvitedRoom;
  readonly #invites: Map<string, InviteRecord>;

  constructor(room: InvitedRoom) {
    this.#room = room;
    this.#invites = room.stores.items.load(room.roomId, INVITES);
  }

  /** Oldest first. */
  get all(): InviteInfo[] {
    return [...this.#invites.values()].sort((a, b) => a.createdAt - b.createdAt).map(infoOf);
  }

  /** Gives the code, which is known to nobody afterwards. Throws INVALID_PARAMS, LIMIT_REACHED. */
  create(by: Actor, body: CreateInviteBody): { invite: InviteInfo; code: string } {
    const { role = 'participant', label = '', expiresAt = null, maxUses = null } = body;
    const createdAt = Date.now();
    if (expiresAt !== null && expiresAt <= createdAt)
      throw new ParleyError('INVALID_PARAMS', {
        details: { path: '/expiresAt', message: 'must lie in the future' },
      });
    if (this.#invites.size >= MAX_INVITES)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'invites', max: MAX_INVITES } });
    const code = newSecret();
    const { identity, displayName } = by;
    const invite: InviteRecord = {
      inviteId: newId('IV'),
      codeHash: hashOf(code),
      createdBy: { identity, displayName },
      ...{ role, label, createdAt, expiresAt, maxUses },
      uses: 0,
      usedBy: [],
    };
    this.#save(invite);
    this.#room.audit(by, 'invite.create', { details: { inviteId: invite.inviteId, role, label } });
    return { invite: infoOf(invite), code };
  }

  /** From now on nobody comes in by it. Throws INVITE_NOT_FOUND, PERMISSION_DENIED. */
  revoke(by: Actor, inviteId: string): void {
    const invite = this.#invites.get(inviteId);
    if (!invite) throw new ParleyError('INVITE_NOT_FOUND');
    if (!mayActOn(by.role, invite.role)) throw new ParleyError('PERMISSION_DENIED');
    this.#delete(invite, by);
  }

  /** Somebody is banned: by the invitation that let them in they would only come back under another identity. */
  revokeOf(identity: string, by: Person): void {
    for (const invite of [...this.#invites.values()])
      if (invite.usedBy.includes(identity)) this.#delete(invite, by);
  }

  /** The invitation that this code opens; none when it is wrong, expired or used up. */
  find(code: string): InviteInfo | undefined {
    const codeHash = hashOf(code);
    const now = Date.now();
    for (const invite of this.#invites.values())
      if (invite.codeHash === codeHash) return isOpenAt(invite, now) ? infoOf(invite) : undefined;
    return undefined;
  }

  /** Somebody is given a token for it. Throws ACCESS_REFUSED when others were quicker. */
  use(inviteId: string): void {
    const invite = this.#invites.get(inviteId);
    if (!invite || !isOpenAt(invite, Date.now())) throw new ParleyError('ACCESS_REFUSED');
    this.#save({ ...invite, uses: invite.uses + 1 });
  }

  /** Whether a token that was made for this invitation opens the room. */
  isOpen(inviteId: string | undefined): boolean {
    const invite = inviteId === undefined ? undefined : this.#invites.get(inviteId);
    return invite !== undefined && !isExpired(invite, Date.now());
  }

  /** A token made for an invitation is worth as much as that is; but whom a host let in, or who was in already, may come. */
  holds({ identity, inviteId }: Pick<JoinGrants, 'identity' | 'inviteId'>): boolean {
    if (inviteId === undefined || this.isOpen(inviteId)) return true;
    const { firstJoinedAt, admission } = this.#room.members.get(identity);
    return firstJoinedAt !== null || admission === 'admitted';
  }

  /** Somebody comes with this token. Throws ACCESS_REFUSED when the invitation it was made for no longer holds. */
  admit(grants: Pick<JoinGrants, 'identity' | 'inviteId'>): void {
    const { identity, inviteId } = grants;
    if (inviteId === undefined) return;
    if (!this.holds(grants)) throw new ParleyError('ACCESS_REFUSED');
    const invite = this.#invites.get(inviteId);
    if (!invite || invite.usedBy.includes(identity)) return;
    this.#save({ ...invite, usedBy: [...invite.usedBy, identity].slice(-MAX_REMEMBERED) });
  }

  #save(invite: InviteRecord): void {
    this.#invites.set(invite.inviteId, invite);
    this.#room.stores.items.save(this.#room.roomId, INVITES, { key: invite.inviteId, value: invite });
  }

  #delete({ inviteId, label }: InviteRecord, by: Person): void {
    this.#invites.delete(inviteId);
    this.#room.stores.items.delete(this.#room.roomId, INVITES, inviteId);
    this.#room.audit(by, 'invite.revoke', { details: { inviteId, label } });
  }
}

const isExpired = ({ expiresAt }: InviteRecord, now: number): boolean =>
  expiresAt !== null && now >= expiresAt;
const isUsedUp = ({ maxUses, uses }: InviteRecord): boolean => maxUses !== null && uses >= maxUses;
const isOpenAt = (invite: InviteRecord, now: number): boolean => !isExpired(invite, now) && !isUsedUp(invite);

function infoOf(invite: InviteRecord): InviteInfo {
  const { inviteId, role, label, createdAt, createdBy, expiresAt, maxUses, uses } = invite;
  const state = isExpired(invite, Date.now()) ? 'expired' : isUsedUp(invite) ? 'usedUp' : 'open';
  return { inviteId, role, label, createdAt, createdBy, expiresAt, maxUses, uses, state };
}
