import { randomInt, timingSafeEqual } from 'node:crypto';
import { ParleyError, type CreatePinBody, type PinInfo } from '@parley/protocol';
import type { Person } from '../../room/actors.ts';
import { newId } from '../../util/ids.ts';
import type { PhoneVault } from './PhoneVault.ts';
import type { PinHolder, PinRecord, PinStore } from './ports.ts';

export interface PinsOptions {
  store: PinStore;
  vault: PhoneVault;
  /** Digits of new ones. */
  length: number;
  now?: () => number;
}

/** Whom a PIN lets in, and where. */
export interface PinFound {
  room: string;
  /** null: it is that of the room, and says nothing about who calls. */
  holder: PinHolder | null;
}

const MAX_OF_ROOM = 1000;
/** New digits are looked for so often: where nearly all are given away, they should be longer. */
const MAX_DRAWS = 100;

/**
 * PINs by which phones come into rooms, no two alike: one of each room, which its hosts see, and those that are somebody's own,
 * of which only a keyed hash is kept. They are never logged.
 */
export class Pins {
  readonly #options: PinsOptions;
  readonly #now: () => number;

  constructor(options: PinsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** How many digits a PIN has; null where they differ, undefined where there are none. */
  get length(): number | null | undefined {
    const lengths = this.#options.store.lengths();
    return lengths.length > 1 ? null : lengths[0];
  }

  /** The PIN of a room; one is made where there is none, or none that can be read. */
  ofRoom(roomId: string): string {
    const present = this.#options.store.ofRoom(roomId).find(({ holder }) => holder === null);
    const digits = present?.sealed ? this.#options.vault.unseal(present.sealed, sealing(roomId)) : undefined;
    return digits ?? this.renew(roomId);
  }

  /** From now on the former one opens nothing. */
  renew(roomId: string): string {
    return this.#make(roomId, { holder: null, expiresAt: null }).digits;
  }

  /** Those that are somebody's own, oldest first. */
  list(roomId: string): PinInfo[] {
    return this.#options.store.ofRoom(roomId).flatMap((pin) => {
      const info = infoOf(pin);
      return info ? [info] : [];
    });
  }

  /** Gives the digits, which are known to nobody afterwards. Throws INVALID_PARAMS, LIMIT_REACHED. */
  create(roomId: string, body: CreatePinBody, by: Person): { info: PinInfo; digits: string } {
    const { identity, displayName, role = 'participant', label = '', expiresAt = null } = body;
    if (expiresAt !== null && expiresAt <= this.#now())
      throw new ParleyError('INVALID_PARAMS', {
        details: { path: '/expiresAt', message: 'must lie in the future' },
      });
    if (this.#options.store.ofRoom(roomId).length > MAX_OF_ROOM)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'pins', max: MAX_OF_ROOM } });
    const createdBy = { identity: by.identity, displayName: by.displayName };
    const holder = { identity: identity ?? newId('PH'), displayName, role, label, createdBy };
    const { pin, digits } = this.#make(roomId, { holder, expiresAt });
    const info = infoOf(pin);
    if (!info) throw new ParleyError('INTERNAL');
    return { info, digits };
  }

  /** Throws PIN_NOT_FOUND. */
  revoke(roomId: string, pinId: string): PinInfo {
    const found = this.list(roomId).find((pin) => pin.pinId === pinId);
    if (!found) throw new ParleyError('PIN_NOT_FOUND');
    this.#options.store.delete(pinId);
    return found;
  }

  /**
   * What these digits open. A PIN that is wrong, has expired, or is of a room that is gone takes the same way. What is looked up
   * and compared is a keyed hash, of which who tries knows nothing.
   */
  find(digits: string): PinFound | undefined {
    const mark = this.#options.vault.mark(digits.slice(0, 32));
    const found = this.#options.store.find(mark);
    const isSame = timingSafeEqual(Buffer.from(mark), Buffer.from(found?.mark ?? mark));
    if (!found || !isSame || (found.expiresAt !== null && found.expiresAt <= this.#now())) return undefined;
    return { room: found.room, holder: found.holder };
  }

  #make(
    roomId: string,
    { holder, expiresAt }: Pick<PinRecord, 'holder' | 'expiresAt'>,
  ): { pin: PinRecord; digits: string } {
    const { store, vault, length } = this.#options;
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const digits = newDigits(length);
      const pin: PinRecord = {
        ...{ pinId: newId('PN'), roomId, holder, expiresAt, length },
        mark: vault.mark(digits),
        sealed: holder === null ? vault.seal(digits, sealing(roomId)) : null,
        createdAt: this.#now(),
      };
      if (store.add(pin)) return { pin, digits };
    }
    throw new ParleyError('LIMIT_REACHED', {
      message:
        'There are nearly as many PINs as there can be. The operator can make them longer (sip.pins.length).',
      details: { limit: 'pins' },
    });
  }
}

const sealing = (roomId: string): string => `pin of ${roomId}`;

/** Never one that people would try first. */
function newDigits(length: number): string {
  for (;;) {
    const digits = Array.from({ length }, () => String(randomInt(10))).join('');
    const isRow = '01234567890123456789'.includes(digits) || '98765432109876543210'.includes(digits);
    if (!isRow && new Set(digits).size > 1) return digits;
  }
}

function infoOf({ pinId, holder, createdAt, expiresAt }: PinRecord): PinInfo | undefined {
  return holder ? { pinId, ...holder, createdAt, expiresAt } : undefined;
}
