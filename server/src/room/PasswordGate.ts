import { ParleyError, type InviteInfo, type RoomSettings } from '@parley/protocol';
import { fingerprintOf, verifyPassword } from '../auth/passwords.ts';
import { KeyedQueue } from '../util/KeyedQueue.ts';
import type { GuessLimiter } from './GuessLimiter.ts';
import type { Invites } from './Invites.ts';
import type { Moderation } from './Moderation.ts';
import type { RoomRecord } from './ports.ts';

/** What the gate has to know of a room. */
export interface GatedRoom {
  readonly record: Pick<RoomRecord, 'passwordHash'> & { settings: Pick<RoomSettings, 'locked'> };
  readonly moderation: Pick<Moderation, 'tellOfGuessing'>;
}

export interface InvitingRoom extends GatedRoom {
  readonly invites: Pick<Invites, 'find'>;
}

export interface PasswordTry {
  password: string | undefined;
  /** Fingerprint in the token of a password that was shown earlier. */
  shown: string | undefined;
  network: string;
}

/**
 * Stands before rooms. A wrong password, a locked room and a room that does not exist look the same and take the same time, so
 * that nobody learns which rooms there are.
 */
export class PasswordGate {
  readonly #limiter: GuessLimiter;
  /** By network. */
  readonly #turns = new KeyedQueue();

  constructor(limiter: GuessLimiter) {
    this.#limiter = limiter;
  }

  /**
   * Gives the fingerprint of the password that was shown, if there is one. `name` is that which was asked for, whether or not
   * there is such a room. Throws ACCESS_REFUSED, TOO_MANY_TRIES.
   */
  async pass(name: string, room: GatedRoom | undefined, attempt: PasswordTry): Promise<string | undefined> {
    const hash = room?.record.passwordHash ?? null;
    const isLocked = room?.record.settings.locked ?? true;
    if (!isLocked && isOpenTo(hash, attempt)) return hash === null ? undefined : fingerprintOf(hash);
    // One after the other, or as many as like could be tried at once before the first is counted.
    return this.#turns.run(attempt.network, () => this.#try(name, room, attempt));
  }

  /** Finds the invitation that a code opens. A wrong one counts as a wrong password does. Throws ACCESS_REFUSED, TOO_MANY_TRIES. */
  async passInvited(
    name: string,
    room: InvitingRoom | undefined,
    { code, network }: { code: string; network: string },
  ): Promise<InviteInfo> {
    // A code that fits is no guess, however often somebody of the same network guessed.
    const invite = room?.invites.find(code);
    if (invite) return invite;
    await this.#limiter.admit(network, name);
    if (this.#limiter.count(network, name)) room?.moderation.tellOfGuessing();
    throw new ParleyError('ACCESS_REFUSED');
  }

  async #try(name: string, room: GatedRoom | undefined, attempt: PasswordTry): Promise<string> {
    const hash = room?.record.passwordHash ?? null;
    const isLocked = room?.record.settings.locked ?? true;
    await this.#limiter.admit(attempt.network, name);
    const fits = await verifyPassword(attempt.password ?? '', hash);
    if (!isLocked && hash !== null && fits) return fingerprintOf(hash);
    // Who gave none has guessed nothing.
    if (attempt.password !== undefined && this.#limiter.count(attempt.network, name))
      room?.moderation.tellOfGuessing();
    throw new ParleyError('ACCESS_REFUSED');
  }
}

/** Whether somebody who types no password passes, with what their token says they showed. */
export const isUnguarded = ({ record }: GatedRoom, shown: string | undefined): boolean =>
  !record.settings.locked && isOpenTo(record.passwordHash, { password: undefined, shown, network: '' });

const isOpenTo = (hash: string | null, { shown }: PasswordTry): boolean =>
  hash === null || (shown !== undefined && shown === fingerprintOf(hash));
