/** What a command may touch of the world. */
export interface CliIo {
  env: NodeJS.ProcessEnv;
  /** Whether a person reads the output. */
  isTty: boolean;
  out(text: string): void;
}

/** The command was called wrongly; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
