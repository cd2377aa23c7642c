import type { IceServer, TokenClaims } from '@parley/protocol';

/** Somebody who asks with a token that was checked. */
export interface MediaCaller {
  token: string;
  claims: TokenClaims;
  network: string;
}

export interface OpenedSession {
  sessionId: string;
  etag: string;
  sdp: string;
  iceServers: IceServer[];
}

export interface SessionAddress {
  protocol: 'whip' | 'whep';
  sessionId: string;
}

export type IceOutcome = { kind: 'trickled' } | { kind: 'restarted'; etag: string; fragment: string };

/** What the routes of WHIP and WHEP ask of those who make sessions; `HttpMedia` is one. Every method throws ParleyError. */
export interface HttpMediaService {
  publish(
    room: string,
    options: { offer: string; as: 'camera' | 'screen' },
    caller: MediaCaller,
  ): Promise<OpenedSession>;
  /**
   * The SDP is an answer; without an offer, it is one, which `answer` completes until `validUntil`. NOTHING_TO_WATCH and what
   * `publish` throws.
   */
  watch(
    room: string,
    asked: { identity: string | undefined; part: 'camera' | 'screen'; offer: string | undefined },
    caller: MediaCaller,
  ): Promise<OpenedSession & { validUntil?: number }>;
  /** SESSION_NOT_FOUND, PERMISSION_DENIED, WRONG_STATE, MEDIA_REJECTED, OFFER_NOT_ACCEPTABLE. */
  answer(sessionId: string, answer: string, token: string): Promise<void>;
  /** SESSION_NOT_FOUND, PERMISSION_DENIED, PRECONDITION_REQUIRED, PRECONDITION_FAILED, MEDIA_REJECTED. */
  patch(
    address: SessionAddress,
    change: { body: string; ifMatch: string | undefined },
    token: string,
  ): Promise<IceOutcome>;
  /** SESSION_NOT_FOUND, PERMISSION_DENIED. */
  end(address: SessionAddress, token: string): Promise<void>;
}
