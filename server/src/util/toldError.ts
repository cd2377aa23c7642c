import { ParleyError } from '@parley/protocol';

/** SQLITE_FULL, see https://www.sqlite.org/rescode.html */
const DATABASE_FULL = 13;

/** A coded error as it is, and of any other only that it happened, or that the disk is full. */
export function toldError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  return new ParleyError(isDiskFull(error) ? 'STORAGE_FULL' : 'INTERNAL', { cause: error });
}

/** Whether an answer tells of a fault of the server itself, which is logged. */
export const isOwnFault = ({ code }: ParleyError): boolean => code === 'INTERNAL' || code === 'STORAGE_FULL';

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'ENOSPC' || ('errcode' in error && error.errcode === DATABASE_FULL);
}
