/** JSON-RPC 2.0 framing (https://www.jsonrpc.org/specification), and the number `seq` that Parley adds to notifications. */
import type { ErrorCode, ErrorDetails } from './errors.ts';
import type { MethodName, MethodParams, MethodResult } from './methods.ts';
import type { AnyNotification } from './notifications.ts';

/** `id` counts up from 1 within a session. A request sent again after a resume keeps its id and is carried out once. */
export interface RequestFrame<M extends MethodName = MethodName> {
  jsonrpc: '2.0';
  id: number;
  method: M;
  params: MethodParams<M>;
}
export interface ResultFrame<M extends MethodName = MethodName> {
  jsonrpc: '2.0';
  id: number;
  result: MethodResult<M>;
}
export interface ErrorFrame {
  jsonrpc: '2.0';
  /** null when the request could not be read so far as its id. */
  id: number | null;
  error: { code: number; message: string; data: { code: ErrorCode; details?: ErrorDetails } };
}
export type NotificationFrame = AnyNotification & {
  jsonrpc: '2.0';
  /** Counts up by one from 1 within a session. */
  seq: number;
};
export type ServerFrame = ResultFrame | ErrorFrame | NotificationFrame;
