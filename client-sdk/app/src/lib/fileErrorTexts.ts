/** Why files were not sent, in words. */
import { ParleyError } from '@parley/client-sdk';
import { formatBytes } from './formatBytes.ts';

export function fileErrorText(error: unknown): string {
  if (!(error instanceof ParleyError)) return 'That did not work. Try again.';
  const { code, details, message } = error;
  switch (code) {
    case 'FILE_TOO_LARGE':
      return `This file is too large. ${sizeText(details?.['maxBytes'])}`;
    case 'FILE_REFUSED':
      return `Files of this kind cannot be shared here. ${kindText(details?.['allowedExtensions'])}`;
    case 'QUOTA_EXCEEDED':
      return details
        ? 'The files of this room take all the space there is. Ask a host to delete some messages with files.'
        : message;
    case 'PERMISSION_DENIED':
      return 'You may not share files here at the moment. Ask a host.';
    case 'TOKEN_INVALID':
      return 'The upload took too long to start. Try again.';
    default:
      return message;
  }
}

const sizeText = (maxBytes: unknown): string =>
  typeof maxBytes === 'number' ? `It may have ${formatBytes(maxBytes)} at most.` : '';

const kindText = (allowed: unknown): string =>
  Array.isArray(allowed) && allowed.length > 0
    ? `These can: ${allowed.join(', ')}.`
    : 'Programs, for example, cannot. Put it into a ZIP archive if you must.';
