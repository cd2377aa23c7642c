/** Which of a validator's errors to tell, and how: the place and the rule, never the value. */

/** The part of a validation error that is looked at. */
export interface ValidationError {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  message: string;
}

export interface Problem {
  /** JSON pointer into the parameters (RFC 6901); empty for the parameters as a whole. */
  path: string;
  reason: string;
}

/** Names of members come from the client; a long one is not sent back whole. */
const MAX_PATH_LENGTH = 128;

/**
 * The error that helps most. Of a union, only the alternative counts whose constants fit: who asks for a receive
 * transport is not told what a send transport lacks.
 */
export function problemOf(errors: readonly ValidationError[]): Problem {
  const unfit = errors
    .filter(({ keyword }) => keyword === 'const')
    .map(({ schemaPath }) => /^.*\/anyOf\/\d+/.exec(schemaPath)?.[0]);
  const inUnfit = ({ schemaPath }: ValidationError): boolean =>
    unfit.some((branch) => branch !== undefined && `${schemaPath}/`.startsWith(`${branch}/`));
  const told =
    errors.find((error) => error.keyword !== 'anyOf' && !inUnfit(error)) ??
    errors.find(({ keyword }) => keyword === 'const') ??
    errors[0];
  return {
    path: (told?.instancePath ?? '').slice(0, MAX_PATH_LENGTH),
    reason: told?.keyword === 'boolean' ? 'is not a known parameter' : (told?.message ?? 'is not valid'),
  };
}
