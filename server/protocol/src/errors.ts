/**
 * Every error a person or a program can meet on the wire, declared once.
 * `code` is stable and is what programs compare; `rpc` is the JSON-RPC number (section 5.1 of the
 * JSON-RPC 2.0 specification reserves -32768 to -32000); `http` is the REST status; `message` says
 * what happened and what to do next.
 */
export const ERRORS = {
  PARSE_ERROR: {
    rpc: -32700,
    http: 400,
    message: 'The message is not valid JSON. Send one JSON-RPC 2.0 object per message.',
  },
  INVALID_REQUEST: {
    rpc: -32600,
    http: 400,
    message: 'The message is not a valid request. Compare it with the API reference.',
  },
  METHOD_NOT_FOUND: {
    rpc: -32601,
    http: 404,
    message: 'There is no such method. Compare its name with the API reference.',
  },
  INVALID_PARAMS: {
    rpc: -32602,
    http: 400,
    message: 'A parameter is missing or has the wrong type. The details name it.',
  },
  INTERNAL: {
    rpc: -32603,
    http: 500,
    message: 'Something went wrong on the server. It has been logged; please try again.',
  },
  FRAME_TOO_LARGE: {
    rpc: -32001,
    http: 413,
    message: 'The message is larger than the server accepts. Send less at once.',
  },
  RATE_LIMITED: {
    rpc: -32002,
    http: 429,
    message: 'Too many requests in a short time. Wait a moment and try again.',
  },
  WRONG_STATE: {
    rpc: -32003,
    http: 409,
    message: 'This is not possible in the present state of the session.',
  },
  UNSUPPORTED_VERSION: {
    rpc: -32004,
    http: 400,
    message: 'Client and server speak different protocol versions. Reload the page or update the app.',
  },

  TOKEN_MISSING: {
    rpc: -32010,
    http: 401,
    message: 'A token is needed. Ask for an invitation, or join as a guest.',
  },
  TOKEN_INVALID: {
    rpc: -32011,
    http: 401,
    message: 'The token is not valid here. Ask for a new invitation.',
  },
  TOKEN_EXPIRED: { rpc: -32012, http: 401, message: 'The token has expired. Ask for a new invitation.' },
  PERMISSION_DENIED: {
    rpc: -32013,
    http: 403,
    message: 'You are not allowed to do this. Ask a host for the permission.',
  },
  ORIGIN_REFUSED: {
    rpc: -32014,
    http: 403,
    message: 'This web site may not use this server. Its operator can add the origin to http.allowedOrigins.',
  },
  GUESTS_REFUSED: {
    rpc: -32015,
    http: 403,
    message: 'This room does not admit guests. Ask its host for an invitation.',
  },
  SESSION_NOT_FOUND: {
    rpc: -32016,
    http: 404,
    message: 'The session is unknown or its resume window has passed. Join again.',
  },
  RESUME_GAP: { rpc: -32017, http: 409, message: 'Too much was missed to catch up. Join again.' },

  LIVE_TARGET_INVALID: {
    rpc: -32120,
    http: 400,
    message: 'The address of the target cannot be used. It looks like rtmp://server/application/key.',
  },
  LIVE_NOT_RUNNING: {
    rpc: -32121,
    http: 409,
    message: 'There is no live stream. Start one first.',
  },
  LIVE_RUNNING: {
    rpc: -32122,
    http: 409,
    message: 'This meeting is streamed already. Add targets to that stream, or end it first.',
  },
  LIVE_NOWHERE: {
    rpc: -32123,
    http: 400,
    message: 'The stream would go nowhere. Ask for the page, or name a target.',
  },
  LIVE_TARGET_NOT_FOUND: {
    rpc: -32124,
    http: 404,
    message: 'There is no such target. It may have been removed already.',
  },
  LIVE_TOO_MANY_TARGETS: {
    rpc: -32125,
    http: 409,
    message: 'There are as many targets as there may be. Remove one first.',
  },
  LIVE_NOT_FOUND: {
    rpc: -32126,
    http: 404,
    message: 'There is no such live stream, or it is over. Ask whoever gave you the link.',
  },
  ROOM_NOT_FOUND: {
    rpc: -32020,
    http: 404,
    message: 'There is no room of this name. Check the link, or ask who invited you.',
  },
  ACCESS_REFUSED: {
    rpc: -32025,
    http: 403,
    message:
      'You cannot join this room with what you gave: the link may be wrong, the room locked or closed, or its password missing or wrong. Check them, or ask who invited you.',
  },
  TOO_MANY_TRIES: {
    rpc: -32026,
    http: 429,
    message: 'Too many wrong tries came from your network. Wait, then try again.',
  },
  BANNED: {
    rpc: -32027,
    http: 403,
    message: 'A host has banned you from this room. Only a host can let you in again.',
  },
  IDENTITY_TAKEN: {
    rpc: -32028,
    http: 409,
    message: 'Somebody with your identity is in the room already. Leave there first.',
  },
  ROOM_NOT_OPEN: {
    rpc: -32029,
    http: 409,
    message: 'The room is not open at this time. The details say when it is.',
  },
  ROOM_FULL: { rpc: -32021, http: 409, message: 'The room is full. Try again when somebody has left.' },
  ROOM_EXISTS: {
    rpc: -32022,
    http: 409,
    message: 'A room of this name exists with other settings. Update it, or choose another name.',
  },
  PARTICIPANT_NOT_FOUND: { rpc: -32023, http: 404, message: 'There is no such participant in the room.' },
  PUBLICATION_NOT_FOUND: { rpc: -32024, http: 404, message: 'There is no such publication.' },

  KNOCK_NOT_FOUND: { rpc: -32050, http: 404, message: 'Nobody like that waits in the lobby any more.' },
  BREAKOUT_NOT_FOUND: { rpc: -32051, http: 404, message: 'There is no such breakout room.' },
  MESSAGE_NOT_FOUND: { rpc: -32052, http: 404, message: 'There is no such message.' },
  POLL_NOT_FOUND: { rpc: -32053, http: 404, message: 'There is no such poll.' },
  FILE_NOT_FOUND: { rpc: -32054, http: 404, message: 'There is no such file.' },
  FILE_REFUSED: {
    rpc: -32055,
    http: 415,
    message: 'Files of this kind cannot be shared here. The details say which can.',
  },
  FILE_TOO_LARGE: {
    rpc: -32056,
    http: 413,
    message: 'The file is too large. The details say how large it may be.',
  },
  QUOTA_EXCEEDED: {
    rpc: -32057,
    http: 507,
    message: 'The room has no space left for files. A host can delete some.',
  },
  UNMUTE_NEEDS_APPROVAL: {
    rpc: -32058,
    http: 409,
    message: 'A host has to allow you to unmute. Ask for it.',
  },
  INVITE_NOT_FOUND: { rpc: -32059, http: 404, message: 'There is no such invitation.' },
  MEETING_NOT_FOUND: { rpc: -32060, http: 404, message: 'There is no such meeting.' },
  BAN_NOT_FOUND: { rpc: -32070, http: 404, message: 'Nobody of this identity is banned.' },
  SCHEDULE_NOT_FOUND: { rpc: -32071, http: 404, message: 'There is no such scheduled meeting.' },
  WEBHOOK_NOT_FOUND: { rpc: -32061, http: 404, message: 'There is no such webhook.' },
  URL_REFUSED: {
    rpc: -32062,
    http: 400,
    message:
      'The address cannot be used. It has to be https or http, and not a private one unless the operator allows it.',
  },

  SCHEDULE_CANCELLED: {
    rpc: -32080,
    http: 409,
    message: 'The scheduled meeting was cancelled, and cannot be changed any more. Schedule another.',
  },
  OCCURRENCE_NOT_FOUND: {
    rpc: -32081,
    http: 404,
    message: 'The scheduled meeting does not take place then. Ask for its occurrences.',
  },
  RULE_REFUSED: {
    rpc: -32082,
    http: 400,
    message: 'The meeting cannot recur by this rule. The details say why.',
  },

  RECORDING_OFF: {
    rpc: -32090,
    http: 409,
    message: 'Recording is switched off on this server. Its operator can set recorder.enabled.',
  },
  RECORDING_RUNNING: {
    rpc: -32091,
    http: 409,
    message: 'This is being recorded already. Stop that recording first, or record something else.',
  },
  RECORDING_NOT_RUNNING: {
    rpc: -32092,
    http: 409,
    message: 'There is no such recording that runs here. Start one first.',
  },
  RECORDING_CAPACITY: {
    rpc: -32093,
    http: 409,
    message: 'The server cannot record more at once. Stop another recording, or try again later.',
  },
  RECORDING_DISK_FULL: {
    rpc: -32094,
    http: 507,
    message: 'The disk for recordings is nearly full. Delete old recordings, or ask the operator for space.',
  },
  RECORDING_FFMPEG_MISSING: {
    rpc: -32095,
    http: 409,
    message:
      'The server has no ffmpeg, without which it cannot record. Its operator can install it; `npm run parley doctor` says how.',
  },
  RECORDING_FAILED: {
    rpc: -32096,
    http: 500,
    message: 'The recording could not go on. What was recorded is kept; the details say more. Start it anew.',
  },
  RECORDING_NOT_FOUND: { rpc: -32097, http: 404, message: 'There is no such recording.' },
  RECORDING_UNFINISHED: {
    rpc: -32098,
    http: 409,
    message: 'The recording has not ended yet. Stop it, and wait until its files are finished.',
  },
  RANGE_REFUSED: {
    rpc: -32099,
    http: 416,
    message: 'The file has no such bytes. The header Content-Range says how long it is.',
  },

  TRANSPORT_NOT_FOUND: { rpc: -32030, http: 404, message: 'You have no such transport. Create one first.' },
  CONSUMER_NOT_FOUND: { rpc: -32031, http: 404, message: 'You have no such consumer.' },
  MEDIA_REJECTED: {
    rpc: -32032,
    http: 400,
    message: 'The media parameters were not accepted. The details say why.',
  },
  SOURCE_TAKEN: { rpc: -32033, http: 409, message: 'You already publish this source. Stop it first.' },
  MEDIA_UNAVAILABLE: {
    rpc: -32034,
    http: 503,
    message: 'The media part of the server is restarting. It will be back in a moment.',
  },
  LIMIT_REACHED: {
    rpc: -32035,
    http: 409,
    message: 'A limit of the server is reached. The details name it.',
  },

  MEDIA_TYPE_REFUSED: {
    rpc: -32130,
    http: 415,
    message: 'The body is of a media type that is not taken here. The details name the one that is.',
  },
  OFFER_NOT_ACCEPTABLE: {
    rpc: -32131,
    http: 406,
    message: 'The offer cannot be taken as a whole. The details say why; change the encoder’s settings.',
  },
  PRECONDITION_REQUIRED: {
    rpc: -32132,
    http: 428,
    message: 'The header If-Match is missing. Send the ETag that you were given last, or * to restart ICE.',
  },
  PRECONDITION_FAILED: {
    rpc: -32133,
    http: 412,
    message:
      'The ETag is not the present one: ICE was restarted since. Ask again with that of the last answer.',
  },
  METHOD_NOT_ALLOWED: {
    rpc: -32134,
    http: 405,
    message: 'This method cannot be used at this address. The header Allow names those that can.',
  },
  LOBBY_WAITING: {
    rpc: -32135,
    http: 409,
    message: 'You knocked, and wait in the lobby. Ask a host to let you in, and try again.',
  },
  NOTHING_TO_WATCH: {
    rpc: -32136,
    http: 409,
    message: 'There is nothing to watch at present. Try again when it has begun.',
  },

  PHONES_OFF: {
    rpc: -32140,
    http: 409,
    message: 'This server cannot call phones: it has no trunk. Its operator can configure one.',
  },
  CALL_NOT_FOUND: { rpc: -32141, http: 404, message: 'There is no such call (any more).' },
  PHONE_NUMBER_INVALID: {
    rpc: -32142,
    http: 400,
    message: 'This is no number that can be called. Write it with its country code, such as +4930123456.',
  },
  PHONE_NUMBER_REFUSED: {
    rpc: -32143,
    http: 403,
    message: 'This number may not be called from here. The operator can allow its beginning at the trunk.',
  },
  PHONE_LIMIT_REACHED: {
    rpc: -32144,
    http: 409,
    message: 'No further call can be made now. The details say which limit is reached; try again later.',
  },

  TRUNK_NOT_FOUND: { rpc: -32145, http: 404, message: 'There is no such trunk.' },
  RULE_NOT_FOUND: { rpc: -32146, http: 404, message: 'There is no such dispatch rule.' },
  EXTENSION_NOT_FOUND: { rpc: -32147, http: 404, message: 'There is no such extension.' },
  PIN_NOT_FOUND: { rpc: -32148, http: 404, message: 'There is no such PIN.' },

  STORAGE_FULL: {
    rpc: -32042,
    http: 507,
    message:
      'The disk of the server is full, so nothing was saved. Its operator has to make room; try again then.',
  },
  NOT_FOUND: { rpc: -32040, http: 404, message: 'There is nothing at this address.' },
  SHUTTING_DOWN: { rpc: -32041, http: 503, message: 'The server is shutting down. Try again in a moment.' },
} as const satisfies Record<string, { rpc: number; http: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** JSON values that say more about an error; never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An error that may be told to a client. Anything else that is thrown is told as INTERNAL. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, options: { message?: string; details?: ErrorDetails; cause?: unknown } = {}) {
    super(
      options.message ?? ERRORS[code].message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = options.details;
  }
}

/** The stable code that belongs to a JSON-RPC number, for clients that see only the number. */
export function errorCodeOfRpc(rpc: number): ErrorCode | undefined {
  return (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code].rpc === rpc);
}
