import type { Reply } from '../agent/replies.ts';
import type { SipRequest, SipResponse } from '../message/SipMessage.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import type { DialogLink } from './DialogLink.ts';
import type { OfferState } from './OfferState.ts';
import type { SessionExpires } from './sessionExpires.ts';
import type { SessionTimer } from './SessionTimer.ts';
import type { TimerSettings } from './timerSettings.ts';

/** What a call lets its changes know and do. */
export interface ChangeContext {
  readonly link: DialogLink;
  readonly offers: OfferState;
  readonly timer: SessionTimer;
  /** Whether this side made the Call-ID: it waits longer after a clash. */
  readonly ownsCallId: boolean;
  readonly isOver: boolean;
  readonly peerAllows: ReadonlySet<string>;
  /** Resolves when no INVITE of the peer waits for its ACK. */
  untilAcknowledged(): Promise<void>;
  /** Something was agreed on. */
  agreed(): void;
  /** It cannot go on: ended with BYE. */
  breakOff(by: 'us' | 'network', text: string): void;
}

/** The same for changes by the wish of the peer. */
export interface AnswerContext extends ChangeContext {
  readonly settings: TimerSettings;
  /** What the peer can do, as its Allow says. */
  learn(message: SipRequest | SipResponse): void;
  /** The timer of the call, as it was agreed. */
  startTimer(agreed: SessionExpires | undefined, ourRole: 'uac' | 'uas'): void;
  reply(transaction: ServerTransaction, status: number, reply?: Reply): void;
  /** Answers an INVITE with 2xx, again and again until its ACK comes. `offered`: the ACK is to bring the answer. */
  replyOk(transaction: ServerTransaction, reply: Reply, o: { offered: boolean }): void;
}
