/** How long a call is kept without a sign of life (RFC 4028), in s. */
export interface TimerSettings {
  /** 0: calls are never refreshed by our wish; what the peer wants is done all the same. */
  readonly interval: number;
  /** Peers that want less are answered 422. RFC 4028, section 5: at least 90. */
  readonly least: number;
}

export const DEFAULT_TIMER: TimerSettings = { interval: 1_800, least: 90 };
