/** What the phone book needs from outside. Server.ts hands it in. */
import type { CallRecord, IncomingAnswer, IncomingQuestion, RefusedCall, Role } from '@parley/protocol';
import type { CallFilter } from '../../room/phonePorts.ts';

export type EntryKind = 'trunk' | 'rule' | 'extension';

/** Here as in all stores: a call that returns has been written to disk. */
export interface PhoneEntryStore {
  /** By id. Values are as they were saved, secrets sealed. */
  load(kind: EntryKind): Map<string, unknown>;
  save(kind: EntryKind, id: string, value: object): void;
  delete(kind: EntryKind, id: string): void;
}

/** As whom somebody comes in by a PIN of their own. */
export interface PinHolder {
  identity: string;
  displayName: string;
  role: Role;
  label: string;
  createdBy: { identity: string; displayName: string };
}

export interface PinRecord {
  pinId: string;
  roomId: string;
  /** Keyed hash of the digits. */
  mark: string;
  length: number;
  /** The digits, encrypted: of those that are shown again. */
  sealed: string | null;
  /** null: that of the room. */
  holder: PinHolder | null;
  createdAt: number;
  /** Milliseconds since the epoch; null is never. */
  expiresAt: number | null;
}

/** PINs go with their room. */
export interface PinStore {
  /** Gives false, and writes nothing, where another PIN has these digits. A room has one of its own, which is replaced. */
  add(pin: PinRecord): boolean;
  find(mark: string): (PinRecord & { room: string }) | undefined;
  ofRoom(roomId: string): PinRecord[];
  delete(pinId: string): void;
  /** Lengths that PINs have. */
  lengths(): number[];
}

export interface CallStore {
  save(call: CallRecord): void;
  find(callId: string): CallRecord | undefined;
  /** Newest first, those before number `before`. */
  list(
    filter: CallFilter,
    page: { before?: number; limit: number },
  ): { calls: CallRecord[]; nextBefore: number | null };
  /** Those that have not ended, oldest first. */
  open(): CallRecord[];
  /** Milliseconds that calls of a trunk that were made have lasted since a moment, those that go on up to `now`. */
  spokenMs(trunkId: string, span: { since: number; now: number }): number;
  refuse(call: RefusedCall): void;
  /** Newest first. */
  refusals(page: { before?: number; limit: number }): { calls: RefusedCall[]; nextBefore: number | null };
}

/** When the process last said that it lives. */
export interface Beats {
  beat(at: number): void;
  lastBeat(): number | null;
}

/** Asks a receiver what becomes of a call. */
export interface CallAsker {
  /** Never rejects: `why`, for people, where there is no answer that can be used. */
  askAboutCall(
    url: string,
    question: IncomingQuestion,
  ): Promise<{ answer: IncomingAnswer } | { why: string }>;
}

/** Tells others what happens to calls. */
export interface CallTeller {
  tellOfCall(event: CallEvent, call: CallRecord): void;
  tellOfRefusal(call: RefusedCall): void;
}
export type CallEvent = 'call_started' | 'call_answered' | 'call_ended';
