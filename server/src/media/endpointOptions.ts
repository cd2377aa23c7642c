import type { AnyNotification, Permissions } from '@parley/protocol';
import type { FirstWish } from './EndpointSubscriptions.ts';
import type { SentQuality } from './SentQuality.ts';

export interface EndpointOptions {
  participantId: string;
  permissions: Permissions;
  /** Where in the media room it is at first. */
  zoneId: string;
  /** Takes note of how well arrives what they send; it outlives the endpoint. */
  quality?: SentQuality;
  /** Gets only what is recordable, which all is by default. */
  isRecorder?: boolean;
  isRecordable?: boolean;
  /** Its transports break when no ICE consent is asked for (RFC 7675), which is so by default. */
  iceConsent?: boolean;
  /** What it wants of publications that it has said nothing of; all by default. */
  firstWish?: FirstWish;
  /** Gets `media.*` notifications; never again after close(). */
  notify(notification: AnyNotification): void;
}
