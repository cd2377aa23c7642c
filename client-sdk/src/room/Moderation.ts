import type { Role, Source } from '@parley/protocol';
import type { Request } from './Request.ts';

/** What hosts do to others. Everything rejects with PERMISSION_DENIED for those who are no hosts. */
export class Moderation {
  readonly #request: Request;

  /** @internal */
  constructor(request: Request) {
    this.#request = request;
  }

  /** Mutes the microphone, or stops camera or screen. With `hard`, they have to ask before they unmute. */
  async mute(participantId: string, source: Source, options: { hard?: boolean } = {}): Promise<void> {
    await this.#request('participant.mute', { participantId, source, ...options });
  }

  /** Mutes all but oneself, and but hosts unless `hosts`. With `hard`, they have to ask before they unmute. */
  async muteAll(options: { hard?: boolean; hosts?: boolean } = {}): Promise<void> {
    await this.#request('room.muteAll', options);
  }

  /** Asks somebody to unmute; nobody can be unmuted by others. */
  async askToUnmute(participantId: string): Promise<void> {
    await this.#request('participant.askToUnmute', { participantId });
  }

  /** Answers somebody whose `unmuting` is `requested`. */
  async answerUnmute(participantId: string, allowed: boolean): Promise<void> {
    await this.#request('participant.answerUnmute', { participantId, allowed });
  }

  async setRole(participantId: string, role: Role): Promise<void> {
    await this.#request('participant.setRole', { participantId, role });
  }

  async rename(participantId: string, displayName: string): Promise<void> {
    await this.#request('participant.rename', { participantId, displayName });
  }

  /** With `ban`, they cannot come back. */
  async remove(participantId: string, options: { ban?: boolean } = {}): Promise<void> {
    await this.#request('participant.remove', { participantId, ...options });
  }

  async sendToLobby(participantId: string): Promise<void> {
    await this.#request('participant.sendToLobby', { participantId });
  }

  async lowerHand(participantId: string): Promise<void> {
    await this.#request('participant.lowerHand', { participantId });
  }

  async lowerAllHands(): Promise<void> {
    await this.#request('participant.lowerHand', { all: true });
  }

  /** Shows these large to everybody, in this order; none ends it. */
  async spotlight(participantIds: string[]): Promise<void> {
    await this.#request('room.spotlight', { participantIds });
  }

  /** A timer that everybody sees; 0 takes it away. */
  async setTimer(seconds: number, label = ''): Promise<void> {
    await this.#request('room.setTimer', { seconds, label });
  }
}
