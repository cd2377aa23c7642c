/** What can go wrong with a recording's files; stable, for programs to compare. */
export const FILES_ERRORS = {
  MEDIA_MALFORMED: 'The recording is not what the encoder is asked to write. It cannot be finished.',
  MEDIA_EMPTY: 'The recording holds no complete picture or sound: it ended before the first one was written.',
  MEDIA_UNSUPPORTED: 'The recording is of a kind that is not handled here.',
  FINISH_CANCELLED: 'Finishing the recording was cancelled. What was recorded is still there.',
  THUMBNAIL_FAILED: 'No picture could be taken from the recording.',
  S3_REFUSED: 'The object store refused the request. Compare its address, keys, bucket and permissions.',
  S3_UNREACHABLE: 'The object store does not answer. The upload goes on when it is tried again.',
  S3_CHECKSUM: 'What the object store has is not what was sent. The upload must be tried again.',
  S3_NOT_FOUND: 'The object store has no such object.',
  S3_ABORTED: 'The upload was stopped. It goes on where it was when it is started again.',
} as const;

export type FilesErrorCode = keyof typeof FILES_ERRORS;

/** An error with a stable `code` and a sentence that says what happened and what to do. */
export class FilesError extends Error {
  readonly code: FilesErrorCode;

  constructor(code: FilesErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { detail, cause } = options;
    const text = detail === undefined ? FILES_ERRORS[code] : `${FILES_ERRORS[code]} (${detail})`;
    super(text, cause === undefined ? undefined : { cause });
    this.name = 'FilesError';
    this.code = code;
  }
}

export function malformed(detail: string): FilesError {
  return new FilesError('MEDIA_MALFORMED', { detail });
}
