/** Why a camera, microphone or screen could not be had. */
export type DeviceErrorKind =
  'notFound' | 'permissionDenied' | 'inUse' | 'insecureContext' | 'unsupported' | 'other';

const WORDS: Record<DeviceErrorKind, string> = {
  notFound: 'No camera or microphone was found. Plug one in, or join without it.',
  permissionDenied:
    'The browser does not allow the camera or microphone. Click the camera icon in the address bar, allow it, then try again.',
  inUse: 'The camera or microphone is in use by another program. Close that program, then try again.',
  insecureContext:
    'Browsers give cameras only to https pages. Open the https address of this server and accept its certificate.',
  unsupported: 'This browser cannot do this. Use a current Chrome, Edge, Firefox or Safari.',
  other: 'The camera or microphone could not be started. Unplug it, plug it in again, then try again.',
};

const KIND_OF_NAME: Record<string, DeviceErrorKind> = {
  NotFoundError: 'notFound',
  OverconstrainedError: 'notFound',
  DevicesNotFoundError: 'notFound',
  NotAllowedError: 'permissionDenied',
  PermissionDeniedError: 'permissionDenied',
  SecurityError: 'permissionDenied',
  NotReadableError: 'inUse',
  TrackStartError: 'inUse',
  AbortError: 'inUse',
  NotSupportedError: 'unsupported',
  TypeError: 'unsupported',
};

/** A device could not be had; `message` says why and what to do, for people. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly kind: DeviceErrorKind;

  constructor(kind: DeviceErrorKind, options: { message?: string; cause?: unknown } = {}) {
    super(options.message ?? WORDS[kind], { cause: options.cause });
    this.kind = kind;
  }

  /** A device went away while it was in use. */
  static lost(source: 'microphone' | 'camera', outcome: 'replaced' | 'muted', cause?: unknown): DeviceError {
    const message =
      outcome === 'replaced'
        ? `Your ${source} was disconnected. Another one is in use now.`
        : `Your ${source} was disconnected. Plug one in, then switch it on again.`;
    return new DeviceError('notFound', { message, cause });
  }

  /** What getUserMedia or getDisplayMedia threw (Media Capture and Streams, section 10.2), in our words. */
  static from(error: unknown): DeviceError {
    if (error instanceof DeviceError) return error;
    const name = error instanceof Error || error instanceof DOMException ? error.name : '';
    return new DeviceError(KIND_OF_NAME[name] ?? 'other', { cause: error });
  }
}
