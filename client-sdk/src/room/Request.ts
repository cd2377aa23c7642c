import type { MethodName, MethodParams, MethodResult } from '@parley/protocol';

/** Asks the server for something. Rejects with ParleyError. */
export type Request = <M extends MethodName>(method: M, params: MethodParams<M>) => Promise<MethodResult<M>>;
