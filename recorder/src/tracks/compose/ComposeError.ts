const MESSAGES = {
  COMPOSE_NOT_FOUND:
    'There is no such recording on this machine. Files that were brought to an object store have to be brought back into its folder first.',
  COMPOSE_NO_TRACKS:
    'The recording has no tracks of which a picture and sound could be made. Only recordings of the kind `tracks` have them.',
  COMPOSE_CANCELLED: 'It was cancelled; nothing was written.',
} as const;

export type ComposeErrorCode = keyof typeof MESSAGES;

/** Why tracks were not put together. */
export class ComposeError extends Error {
  override readonly name = 'ComposeError';
  readonly code: ComposeErrorCode;

  constructor(code: ComposeErrorCode, where?: string) {
    super(where === undefined ? MESSAGES[code] : `${MESSAGES[code]} Looked in ${where}.`);
    this.code = code;
  }
}
