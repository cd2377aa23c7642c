/** Facts of the wire that both sides must agree on. No dependency, so that a client bundles only this. */

/** Version of this protocol. A server refuses a client whose major number differs. */
export const PROTOCOL_VERSION = '1.0';

/** Largest WebSocket message a server accepts, in bytes. */
export const MAX_FRAME_BYTES = 65_536;

/** How long a server keeps a session whose socket dropped, in ms. */
export const RESUME_WINDOW_MS = 60_000;

/** A socket that has not said `session.hello` or `session.resume` is closed after this many ms. */
export const HELLO_TIMEOUT_MS = 5_000;

/** How often a client sends `session.ping`, in ms. */
export const PING_INTERVAL_MS = 5_000;

/** A socket that has been silent this long is dead to either side, in ms: three pings missed. */
export const PING_TIMEOUT_MS = 15_000;

/** Largest payload of one application message on a data channel, in bytes. */
export const MAX_DATA_PAYLOAD_BYTES = 16_384;

export const SOURCES = ['microphone', 'camera', 'screen', 'screenAudio'] as const;
/** What a publication shows or sounds. */
export type Source = (typeof SOURCES)[number];

/** The media kind that a source is made of. */
export const KIND_OF_SOURCE = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
} as const satisfies Record<Source, 'audio' | 'video'>;

export const ROLES = ['owner', 'host', 'participant', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const PARTICIPANT_KINDS = ['web', 'phone', 'ingress', 'recorder', 'player'] as const;
export type ParticipantKind = (typeof PARTICIPANT_KINDS)[number];

/** WebSocket close codes (RFC 6455 section 7.4.2: 4000 to 4999 are for applications). */
export const CLOSE_CODES = {
  /** The session ended; the last notification, `session.ended`, said why. Do not resume. */
  sessionEnded: 4000,
  /** No `session.hello` or `session.resume` within HELLO_TIMEOUT_MS. */
  helloTimeout: 4001,
  /** More than ten frames in a row could not be read as requests. Each was answered before. */
  badFrame: 4002,
  /** Hello or resume was refused; the error response said why. */
  refused: 4003,
  /** Nothing was heard for PING_TIMEOUT_MS. Resume. */
  pingTimeout: 4004,
  /** The session was resumed on another socket. */
  superseded: 4005,
  /** The client reads too slowly. Resume. */
  tooSlow: 4006,
} as const;
