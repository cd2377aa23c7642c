import { ERRORS, type AnyNotification, type ErrorFrame } from '@parley/protocol';
import { toldError } from '../util/toldError.ts';

export const encodeResult = (id: number, result: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, result });

export const encodeNotification = (seq: number, { method, params }: AnyNotification): string =>
  JSON.stringify({ jsonrpc: '2.0', seq, method, params });

/** Tells a coded error as it is, and of any other only that it happened. */
export function encodeError(id: number | null, error: unknown): string {
  const told = toldError(error);
  const frame: ErrorFrame = {
    jsonrpc: '2.0',
    id,
    error: {
      code: ERRORS[told.code].rpc,
      message: told.message,
      data: { code: told.code, ...(told.details && { details: told.details }) },
    },
  };
  return JSON.stringify(frame);
}
