import { Type, type Static } from 'typebox';
import type { ItemKind, ItemStore } from './ports.ts';

export const BanRecord = Type.Object({
  identity: Type.String(),
  displayName: Type.String(),
  /** Who banned them. */
  by: Type.String(),
  at: Type.Integer(),
  /** A guest could come back under another identity; so guests of their network are kept out, until then. */
  network: Type.Union([Type.String(), Type.Null()]),
  networkUntil: Type.Integer(),
});
export type BanRecord = Static<typeof BanRecord>;
const BANS: ItemKind<typeof BanRecord> = { kind: 'ban', schema: BanRecord, lasting: true };

/** How long guests of a network are kept out for one of them, in ms. */
const NETWORK_BAN_MS = 24 * 3_600_000;

/** Who may not come in any more, whatever token they show. */
export class Bans {
  readonly #roomId: string;
  readonly #items: ItemStore;
  readonly #bans: Map<string, BanRecord>;
  readonly #networks = new Map<string, string>();

  constructor(roomId: string, items: ItemStore) {
    this.#roomId = roomId;
    this.#items = items;
    this.#bans = items.load(roomId, BANS);
  }

  get all(): BanRecord[] {
    return [...this.#bans.values()].sort((a, b) => a.at - b.at);
  }

  find(identity: string): BanRecord | undefined {
    return this.#bans.get(identity);
  }

  /** Remembers from which network a guest comes, in case they are banned. */
  noteNetwork(identity: string, network: string): void {
    this.#networks.set(identity, network);
  }

  /** Undefined for those who are no guests, and when nothing is known of them. */
  networkOf(identity: string): string | undefined {
    return this.#networks.get(identity);
  }

  add(
    { identity, displayName, isGuest }: { identity: string; displayName: string; isGuest: boolean },
    by: { identity: string },
  ): void {
    const network = isGuest ? (this.#networks.get(identity) ?? null) : null;
    const at = Date.now();
    const ban = { identity, displayName, by: by.identity, at, network, networkUntil: at + NETWORK_BAN_MS };
    this.#bans.set(identity, ban);
    this.#items.save(this.#roomId, BANS, { key: identity, value: ban });
  }

  /** Gives whether there was one. */
  lift(identity: string): boolean {
    if (!this.#bans.delete(identity)) return false;
    this.#items.delete(this.#roomId, BANS, identity);
    return true;
  }

  isBanned(who: { identity: string; isGuest: boolean; network: string | undefined }): boolean {
    if (this.#bans.has(who.identity)) return true;
    if (!who.isGuest || who.network === undefined) return false;
    const now = Date.now();
    return [...this.#bans.values()].some(
      ({ network, networkUntil }) => network === who.network && networkUntil > now,
    );
  }
}
