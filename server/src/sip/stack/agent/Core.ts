import type { SipRequest } from '../message/SipMessage.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import type { TransactionLayer } from '../transaction/TransactionLayer.ts';
import type { TimerSettings } from '../session/timerSettings.ts';
import type { Network } from '../transport/Network.ts';

/** Who is told what comes within a dialog. */
export interface DialogOwner {
  receive(transaction: ServerTransaction): void;
  /** An ACK to a 2xx. */
  acknowledged(ack: SipRequest): void;
}

/** What sessions, registrations and probes need of the user agent. */
export interface Core {
  readonly network: Network;
  readonly transactions: TransactionLayer;
  /** By their ids, as of dialogIdOf. */
  readonly dialogs: Map<string, DialogOwner>;
  /** Value of User-Agent and Server; undefined where it is not told. */
  readonly product: string | undefined;
  /** Of calls for which nothing else is said. */
  readonly timer: TimerSettings;
}

/** Methods that are understood, as they stand in Allow. */
export const METHODS = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'PRACK',
  'UPDATE',
  'REFER',
  'NOTIFY',
  'INFO',
  'REGISTER',
] as const;
export const ALLOW = METHODS.filter((method) => method !== 'REGISTER').join(', ');
/** Option tags that are understood in Require (RFC 3262, 3891, 4028). */
export const EXTENSIONS = ['100rel', 'replaces', 'timer'] as const;
