import { RoleSchema } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import { isHost } from '../auth/permissions.ts';
import type { ItemKind, ItemStore } from './ports.ts';

const MemberRecord = Type.Object({
  /** What a host made of them; null is what their token says. */
  role: Type.Union([RoleSchema, Type.Null()]),
  /** What a host called them. */
  displayName: Type.Union([Type.String(), Type.Null()]),
  /** `admitted` need not knock again; `sentBack` must, whatever the policy. */
  admission: Type.Enum(['none', 'admitted', 'sentBack']),
  /** When they came into the room for the first time in this meeting; null when they have not, or were removed. */
  firstJoinedAt: Type.Union([Type.Integer(), Type.Null()]),
  /** Number of the last message that was sent before that. */
  lastSeqBefore: Type.Integer(),
  /** `muted` must ask before unmuting; `allowed` need not, even where everybody else must. */
  unmuting: Type.Enum(['asRoom', 'muted', 'allowed']),
  /** Where they belong; null is the main room. */
  breakoutId: Type.Union([Type.String(), Type.Null()]),
  raisedHandAt: Type.Union([Type.Integer(), Type.Null()]),
  /** Whether they agreed to be recorded; absent until they answer. */
  recordingConsent: Type.Optional(Type.Enum(['agreed', 'refused'])),
});
export type MemberRecord = Static<typeof MemberRecord>;
const MEMBERS: ItemKind<typeof MemberRecord> = { kind: 'member', schema: MemberRecord, lasting: false };

const STRANGER: MemberRecord = {
  role: null,
  displayName: null,
  admission: 'none',
  firstJoinedAt: null,
  lastSeqBefore: 0,
  unmuting: 'asRoom',
  breakoutId: null,
  raisedHandAt: null,
};

/** What was decided about people in this meeting, by identity. It holds when they drop out and when the server is started anew. */
export class Members {
  readonly #roomId: string;
  readonly #items: ItemStore;
  readonly #members: Map<string, MemberRecord>;

  constructor(roomId: string, items: ItemStore) {
    this.#roomId = roomId;
    this.#items = items;
    this.#members = items.load(roomId, MEMBERS);
  }

  get(identity: string): MemberRecord {
    return this.#members.get(identity) ?? STRANGER;
  }

  get all(): ReadonlyMap<string, MemberRecord> {
    return this.#members;
  }

  /** Somebody was removed: they come as anybody else, and are no host any more because one made them one. */
  dismiss(identity: string): void {
    const { role } = this.get(identity);
    const change = { admission: 'none', firstJoinedAt: null } as const;
    this.update(identity, role !== null && isHost(role) ? { ...change, role: null } : change);
  }

  update(identity: string, change: Partial<MemberRecord>): void {
    const before = this.get(identity);
    const value = { ...before, ...change };
    if (this.#members.has(identity) && isSame(before, value)) return;
    this.#members.set(identity, value);
    this.#items.save(this.#roomId, MEMBERS, { key: identity, value });
  }

  /** The meeting has ended. The store forgets them with all else of the meeting. */
  clear(): void {
    this.#members.clear();
  }
}

const isSame = (a: MemberRecord, b: MemberRecord): boolean =>
  (Object.keys({ ...a, ...b }) as (keyof MemberRecord)[]).every((key) => a[key] === b[key]);
