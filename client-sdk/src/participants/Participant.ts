import type { Attributes, ParticipantInfo, ParticipantKind, PhoneLink, Role, Source } from '@parley/protocol';
import type { Publication } from './Publication.ts';

/** Somebody in the room. */
export abstract class Participant {
  #info: ParticipantInfo;
  #audioLevel = -127;

  constructor(info: ParticipantInfo) {
    this.#info = info;
  }

  abstract readonly isLocal: boolean;
  abstract readonly publications: ReadonlyMap<Source, Publication>;

  /** Stays the same while one is in the room. */
  get participantId(): string {
    return this.#info.participantId;
  }
  get identity(): string {
    return this.#info.identity;
  }
  get displayName(): string {
    return this.#info.displayName;
  }
  get role(): Role {
    return this.#info.role;
  }
  get kind(): ParticipantKind {
    return this.#info.kind;
  }
  get metadata(): string {
    return this.#info.metadata;
  }
  get attributes(): Attributes {
    return this.#info.attributes;
  }
  /** `interrupted` while the server waits for them to come back. */
  get connection(): ParticipantInfo['connection'] {
    return this.#info.connection;
  }
  get joinedAt(): Date {
    return new Date(this.#info.joinedAt);
  }
  /** When the hand was raised, which is its place in the queue; undefined while it is down. */
  get raisedHandAt(): Date | undefined {
    return this.#info.raisedHandAt === null ? undefined : new Date(this.#info.raisedHandAt);
  }
  /** Whether a host has to allow it before the microphone is unmuted, and was asked to. */
  get unmuting(): ParticipantInfo['unmuting'] {
    return this.#info.unmuting;
  }
  /** Whether they agreed to be recorded; undefined where the room does not ask. */
  get recordingConsent(): ParticipantInfo['recordingConsent'] {
    return this.#info.recordingConsent;
  }
  /** The phone that they speak and hear by; undefined for those who do so by their computer. */
  get phone(): PhoneLink | undefined {
    return this.#info.phone;
  }
  /** Loudness in dBov, -127 (silence) to 0 (RFC 6464). */
  get audioLevel(): number {
    return this.#audioLevel;
  }
  get isSpeaking(): boolean {
    return this.#audioLevel > -127;
  }

  getPublication(source: Source): Publication | undefined {
    return this.publications.get(source);
  }

  /** @internal */
  setInfo(info: ParticipantInfo): void {
    this.#info = info;
  }

  /** @internal */
  setAudioLevel(level: number): void {
    this.#audioLevel = level;
  }
}
