/** From bytes of the socket to a request, or to a coded error. Nothing else is ever thrown. */
import { MAX_FRAME_BYTES, ParleyError } from '@parley/protocol';

/** A request whose method and parameters have not been looked at. */
export interface RawRequest {
  id: number;
  method: string;
  params: unknown;
}

/** An error that may know which request it answers. */
export class FrameError extends ParleyError {
  readonly requestId: number | null;

  constructor(
    code: 'PARSE_ERROR' | 'INVALID_REQUEST' | 'FRAME_TOO_LARGE',
    reason: string,
    requestId: number | null = null,
  ) {
    super(code, { details: { reason } });
    this.requestId = requestId;
  }
}

const MAX_DEPTH = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads one WebSocket message as a JSON-RPC 2.0 request (https://www.jsonrpc.org/specification). Throws FrameError. */
export function decodeFrame(data: Uint8Array, isBinary: boolean): RawRequest {
  if (data.length > MAX_FRAME_BYTES)
    throw new FrameError('FRAME_TOO_LARGE', `at most ${MAX_FRAME_BYTES} bytes`);
  if (isBinary) throw new FrameError('PARSE_ERROR', 'a text message is expected');
  const frame = parse(data);
  if (typeof frame !== 'object' || frame === null)
    throw new FrameError('INVALID_REQUEST', 'an object is expected');
  if (Array.isArray(frame)) throw new FrameError('INVALID_REQUEST', 'batches are not taken');
  const { jsonrpc, id, method, params = {} } = frame as Record<string, unknown>;
  if (!Number.isSafeInteger(id) || (id as number) < 1)
    throw new FrameError('INVALID_REQUEST', 'id must be an integer from 1');
  const requestId = id as number;
  if (jsonrpc !== '2.0') throw new FrameError('INVALID_REQUEST', 'jsonrpc must be "2.0"', requestId);
  if (typeof method !== 'string')
    throw new FrameError('INVALID_REQUEST', 'method must be a string', requestId);
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw new FrameError('INVALID_REQUEST', 'params must be an object', requestId);
  }
  assertHarmless(frame, MAX_DEPTH, requestId);
  return { id: requestId, method, params };
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(data));
  } catch {
    throw new FrameError('PARSE_ERROR', 'not JSON');
  }
}

/**
 * Keys that reach an object's prototype could change every object of the process once somebody copies them:
 * `__proto__`, and `constructor` when a `prototype` lies in it. Alone, those two words are harmless names.
 */
function assertHarmless(value: unknown, depth: number, requestId: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw new FrameError('INVALID_REQUEST', `nested more than ${MAX_DEPTH} deep`, requestId);
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__' || (key === 'constructor' && reachesPrototype(child))) {
      throw new FrameError('INVALID_REQUEST', 'a key is not allowed', requestId);
    }
    assertHarmless(child, depth - 1, requestId);
  }
}

const reachesPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
