/** Where notes for operators go; a pino logger is one. Names of people, keys and tokens have no place in them. */
export interface Log {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}
