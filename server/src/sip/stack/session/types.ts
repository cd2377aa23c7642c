import type { Direction } from '../sdp/model.ts';
import type { IncomingRefer } from './IncomingRefer.ts';
import type { Reason } from './reason.ts';

/** Offer and answer of the sound of a call (RFC 3264); OfferAnswer is one. What throws NoAgreement is answered with 488. */
export interface SoundNegotiation {
  /** What this side would like: a call that it holds only sends. */
  wanted: Direction;
  readonly agreed: { readonly direction: Direction } | undefined;
  offer(): string;
  /** The last description to the letter. */
  repeat(): string;
  answer(offer: string): string;
  accept(answer: string): void;
}

/** Why a call ended. */
export interface EndCause {
  /** `network`: nobody ended it, but the peer is gone. */
  readonly by: 'us' | 'them' | 'network';
  /** What the INVITE was answered with where it came to nothing (486 busy, 487 taken back, 408 no answer); 200 where the call stood. */
  readonly status: number;
  /** For people. */
  readonly text: string;
  /** What the peer gave as its reason. */
  readonly reason?: Reason | undefined;
  /** Where else one might ask: the contacts of a 3xx. */
  readonly contacts?: readonly string[] | undefined;
}

/** The body of an INFO (RFC 6086): keys of a phone, mostly. */
export interface Info {
  /** In lower case, without parameters. */
  readonly contentType: string;
  readonly body: string;
}

export interface InviteSessionEvents {
  /** It rings there, or is forwarded or queued: 180, 181, 182, or 183 without sound. */
  ringing: [status: number];
  /** Sound comes before the call is taken: an announcement, or a tone of the network. */
  progress: [status: number];
  /** The call was taken; the sound is agreed on. */
  established: [];
  /** Something else was agreed on: where sound goes, which way, in which codec. */
  changed: [];
  /** The peer holds the call, or has taken it back. */
  held: [isHeld: boolean];
  /** The peer asks for somebody else to be called instead. Without a listener it is declined. */
  refer: [IncomingRefer];
  info: [Info];
  /** It is over, once and for all. */
  ended: [EndCause];
}
