/**
 * One application message on a data channel: two bytes with the length of the header (big endian), the header as
 * UTF-8 JSON, then the payload. A client names topic and receivers; the server replaces the header by one that names the sender.
 */
import { MAX_DATA_PAYLOAD_BYTES } from './constants.ts';
import { ParleyError } from './errors.ts';

const MAX_HEADER_BYTES = 8_192;

/** Header of a message on its way to the server. No receivers means everybody else. */
export interface OutgoingDataHeader {
  topic: string;
  to?: string[];
}
/** Header of a message on its way to a client. */
export interface IncomingDataHeader {
  topic: string;
  from: string;
}

export function encodeDataFrame(
  header: OutgoingDataHeader | IncomingDataHeader,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify(header));
  if (head.length > MAX_HEADER_BYTES || payload.length > MAX_DATA_PAYLOAD_BYTES) {
    throw new ParleyError('FRAME_TOO_LARGE', {
      details: { maxPayloadBytes: MAX_DATA_PAYLOAD_BYTES, maxHeaderBytes: MAX_HEADER_BYTES },
    });
  }
  const frame = new Uint8Array(2 + head.length + payload.length);
  new DataView(frame.buffer).setUint16(0, head.length);
  frame.set(head, 2);
  frame.set(payload, 2 + head.length);
  return frame;
}

/** Splits a frame; throws INVALID_REQUEST or FRAME_TOO_LARGE. The header is still unchecked JSON. */
export function decodeDataFrame(frame: Uint8Array): { header: unknown; payload: Uint8Array } {
  if (frame.length < 2) throw new ParleyError('INVALID_REQUEST');
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint16(0);
  if (length > MAX_HEADER_BYTES || 2 + length > frame.length) throw new ParleyError('INVALID_REQUEST');
  const payload = frame.subarray(2 + length);
  if (payload.length > MAX_DATA_PAYLOAD_BYTES)
    throw new ParleyError('FRAME_TOO_LARGE', { details: { maxPayloadBytes: MAX_DATA_PAYLOAD_BYTES } });
  try {
    return {
      header: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(2, 2 + length))),
      payload,
    };
  } catch (cause) {
    throw new ParleyError('INVALID_REQUEST', { cause });
  }
}
