/** What phones in rooms need from outside, and what rooms need to call phones. `sip/` and the phone book implement these. */
import type { AnyNotification, CallRecord, PhoneCall, Role, TrunkState } from '@parley/protocol';
import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import type { Person } from './actors.ts';

/** A call that has come in, as the process of phones tells it. */
export interface IncomingCall {
  legId: string;
  trunkId: string | null;
  /** Registered phone that calls. */
  extension: string | null;
  /** E.164 where it is a number, an extension, or empty when withheld. */
  from: string;
  fromName: string;
  to: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** As whom a phone comes into a room. */
export interface PhoneSeat {
  room: string;
  /** null: a guest, of whom nothing but the number is known. */
  identity: string | null;
  /** null: the name that the caller sends, or the masked number. */
  displayName: string | null;
  role: Role;
}

export type CallRoute =
  | ({ kind: 'room' } & PhoneSeat)
  /** `length` where all PINs have as many digits. */
  | { kind: 'pin'; length: number | null }
  /** Rings the open apps of somebody. */
  | { kind: 'user'; identity: string }
  /** An extension calls another, or a number. */
  | { kind: 'dial'; way: DialWay }
  /** `status` is that of SIP, 400 to 699; `why` is for people. */
  | { kind: 'reject'; status: number; why: string };

export interface PinAttempt {
  legId: string;
  /** Number of the caller, empty when withheld. */
  from: string;
  trunkId: string | null;
  /** Never logged. */
  digits: string;
}

export type PinOutcome =
  | ({ kind: 'accepted' } & PhoneSeat)
  | { kind: 'wrong'; triesLeft: number }
  | { kind: 'locked' }
  /** It is right, and there is no place: `why` is for people. */
  | { kind: 'full'; why: string };

/** How a number is called. */
export interface DialWay {
  /** null: an extension, or a SIP URI. */
  trunkId: string | null;
  /** E.164, an extension, or a SIP URI: normalised. */
  target: string;
  callerId: string | null;
}

/** Who wants to call what. That they may call at all was seen to before. */
export interface DialAsked {
  /** null: the server itself. */
  by: Person | null;
  /** Name of the room that calls; null for calls between two. */
  room: string | null;
  /** As it was typed. */
  target: string;
  /** Calls that they have made already and that go on; 0 otherwise. */
  present?: number;
}

/** Trunks, extensions, numbers and PINs: what is configured, and what was stored by REST. */
export interface PhoneBook {
  /** All that the process of phones needs; null where there is neither a trunk nor an extension. */
  settings(): PhoneSettings | null;
  route(call: IncomingCall): Promise<CallRoute>;
  /** Counts tries; a call, a caller or a trunk with too many is locked out. */
  checkPin(attempt: PinAttempt): Promise<PinOutcome>;
  /** The leg is gone, and with it what was counted of its tries. */
  legEnded(legId: string): void;
  /** Throws PHONE_NUMBER_INVALID, PHONE_NUMBER_REFUSED, PHONE_LIMIT_REACHED, PHONES_OFF. */
  mayDial(asked: DialAsked): DialWay;
  /** Why calls that were made by a trunk may not go on; undefined where they may. */
  whySpent(trunkId: string): string | undefined;
  /** Called whenever `settings` gives something else; gives what ends that. */
  onChanged(told: () => void): () => void;
}

/** A call that never became one. */
export interface RefusedCall {
  trunkId: string | null;
  source: string;
  from: string;
  to: string;
  status: number;
  why: string;
  at: number;
}

/** Where calls are written down. None of it is waited for, and what is thrown is logged. */
export interface CallLog {
  started(record: CallRecord): void;
  changed(record: CallRecord): void;
  ended(record: CallRecord): void;
  refused(call: RefusedCall): void;
}

/** How phones are, for who looks after them. */
export interface PhoneStatus {
  /** `off`: nothing is configured; `down`: the process has ended, and is started anew. */
  readonly state: 'off' | 'starting' | 'running' | 'down';
  /** What went wrong last with listening; null where nothing did. */
  readonly fault: string | null;
  readonly trunks: readonly TrunkState[];
  /** Extensions that are registered now. */
  readonly registered: ReadonlySet<string>;
  /** Calls that go on now. */
  readonly calls: readonly CallRecord[];
  /** Ends a call. Throws CALL_NOT_FOUND. */
  hangUp(callId: string, by: Person): void;
}

/** What is to be called from a room. */
export interface DialWish {
  by: Person;
  target: string;
  /** How the room shows who is called; empty: the masked number. */
  displayName: string;
  /** Sent after the answer. */
  digits: string;
  /** null: as configured. */
  ringSeconds: number | null;
  breakoutId: string | null;
  /** Whose sound it takes over; null: the phone is somebody of its own. */
  participantId: string | null;
}

/** A phone that somebody hears by: it is told what they are. */
export interface Ear {
  notify(notification: AnyNotification): void;
  /** What it sends arrives no longer: it needs another uplink. */
  soundLost(): void;
  /** They are not in the room any more. */
  left(): void;
}

/** A room, as its phones change it. */
export interface CallingRoom {
  readonly roomId: string;
  readonly name: string;
  readonly meetingId: string | null;
  /** A call of the room is different now; `call` as hosts see it. */
  callChanged(call: PhoneCall): void;
}

/** A call that rings the apps of somebody. */
export type PersonalCallEvent =
  | { type: 'ringing'; callId: string; number: string; displayName: string; startedAt: number }
  /** It rings no more: taken elsewhere, declined, given up by the caller or after a while. */
  | { type: 'stopped'; callId: string; why: 'answered' | 'declined' | 'missed' };

/** An open app of somebody. */
export interface OpenApp {
  told(event: PersonalCallEvent): void;
  /** Nothing more comes: the server is shutting down. */
  ended(): void;
}

/** Calls between somebody and a phone, outside of meetings. */
export interface PersonalCalls {
  /** Told of what rings now, and of all that follows, until the function that it gives is called. */
  listen(identity: string, app: OpenApp): () => void;
  /** Gives the room in which the call goes on. Throws CALL_NOT_FOUND where it was taken or has ended. */
  answer(callId: string, by: Person): Promise<string>;
  /** Throws CALL_NOT_FOUND. */
  decline(callId: string, by: Person): void;
  /** A room for a call to this phone, which is called from there. Throws what `PhoneBook.mayDial` throws. */
  prepare(target: string, by: Person): Promise<string>;
}

/** Calls phones. The rooms decide who may ask for it. */
export interface Dialer {
  /** Whether there is anything to call with. */
  readonly isOn: boolean;
  /** Calls of a room that have not ended, as hosts see them. */
  callsOf(roomId: string): PhoneCall[];
  /** Begins to call. Throws what `PhoneBook.mayDial` throws. */
  dial(room: CallingRoom, wish: DialWish): PhoneCall;
  /** Throws CALL_NOT_FOUND, as all that follow. */
  hangUp(callId: string, by: Person): void;
  /** Throws WRONG_STATE before the answer. */
  sendDigits(callId: string, digits: string): void;
  /** To a number, or to the other end of another call. Throws WRONG_STATE (`reason` `unreachable` where one cannot call the other), and what `PhoneBook.mayDial` throws. */
  transfer(callId: string, to: { target: string } | { callId: string }, by: Person): void;
}

/** Which calls are asked for. */
export interface CallFilter {
  room?: string;
  meetingId?: string;
  trunkId?: string;
  direction?: CallRecord['direction'];
  /** Of the caller or the called, exactly. */
  number?: string;
  identity?: string;
  /** Started at this moment or later, ms since the epoch. */
  since?: number;
  /** Started before this moment. */
  until?: number;
  /** Whether they have been answered. */
  answered?: boolean;
}
