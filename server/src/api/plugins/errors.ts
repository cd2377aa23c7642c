/** Whatever goes wrong becomes one shape with a stable code. This is the only place where that happens. */
import type { Duplex } from 'node:stream';
import { ERRORS, ParleyError, type ErrorBody, type ErrorCode } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isOwnFault, toldError } from '../../util/toldError.ts';
import type { App } from '../appType.ts';

/** Codes of Fastify, and what they are called here. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'PARSE_ERROR',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'PARSE_ERROR',
  FST_ERR_CTP_BODY_TOO_LARGE: 'FRAME_TOO_LARGE',
  FST_ERR_MAX_PARAM_LENGTH: 'INVALID_PARAMS',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
};

const MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'A body in JSON is needed.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be JSON. Send the header Content-Type: application/json.',
  FST_ERR_BAD_URL: 'The address is not a valid URL. Check its percent-encoding.',
};

interface Problem {
  instancePath?: string;
  keyword?: string;
  message?: string;
  params?: { additionalProperties?: string[]; requiredProperties?: string[]; allowedValues?: unknown[] };
}
/** As much as is known of an error that Fastify or a plugin throws. */
interface ForeignError {
  code?: unknown;
  statusCode?: unknown;
  validation?: Problem[];
  validationContext?: string;
}

/** The error as it may be told; what is not known to be harmless becomes INTERNAL. */
export function asParleyError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  if (typeof error !== 'object' || error === null) return new ParleyError('INTERNAL', { cause: error });
  const { code, statusCode, validation, validationContext }: ForeignError = error;
  if (validation) return invalidParams(validation, validationContext ?? 'body');
  const message = MESSAGES[String(code)];
  const known = FASTIFY_CODES[String(code)];
  if (known)
    return new ParleyError(known, message === undefined ? { cause: error } : { message, cause: error });
  // The parser of bodies throws SyntaxError with status 400, also for members such as __proto__.
  if (error instanceof SyntaxError && statusCode === 400)
    return new ParleyError('PARSE_ERROR', { message: bodyFault(error), cause: error });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const ours: ErrorCode =
      statusCode === 404 ? 'NOT_FOUND' : statusCode === 413 ? 'FRAME_TOO_LARGE' : 'INVALID_REQUEST';
    return new ParleyError(ours, message === undefined ? { cause: error } : { message, cause: error });
  }
  if (statusCode === 503) return new ParleyError('SHUTTING_DOWN', { cause: error });
  return toldError(error);
}

/** The parser refuses keys that would reach the prototype of an object. */
const bodyFault = ({ message }: SyntaxError): string =>
  /forbidden prototype property/.test(message)
    ? 'The body has a key that is not allowed, such as __proto__ or constructor.'
    : 'The body is not valid JSON.';

/** What the validator says of a rule that people cannot read. */
const WORDS: Readonly<Record<string, string>> = {
  boolean: 'is not known',
  pattern: 'has characters or a form that is not allowed',
};

function invalidParams(validation: Problem[], context: string): ParleyError {
  const problems = validation
    .slice(0, 10)
    .map(({ instancePath = '', keyword = '', message: said = 'is not valid', params }) => {
      const message = WORDS[keyword] ?? said;
      const { additionalProperties = [], requiredProperties = [], allowedValues = [] } = params ?? {};
      const names = [...additionalProperties, ...requiredProperties, ...allowedValues.map(String)];
      return { path: instancePath, message: names.length ? `${message}: ${names.join(', ')}` : message };
    });
  const path = problems[0]?.path ?? '';
  return new ParleyError('INVALID_PARAMS', { details: { in: context, path, problems } });
}

export function errorBody(error: ParleyError): ErrorBody {
  const { code, message, details } = error;
  return { error: details === undefined ? { code, message } : { code, message, details: { ...details } } };
}

/** Answers a request that failed, and logs what is the server's own fault. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const told = asParleyError(error);
  const status = ERRORS[told.code].http;
  if (isOwnFault(told)) request.log.error({ err: error, requestId: request.id }, 'request failed');
  // RFC 6750 section 3: a refusal says by what means one could be let in.
  if (status === 401) {
    const why = told.code === 'TOKEN_MISSING' ? '' : ', error="invalid_token"';
    reply.header('www-authenticate', `Bearer realm="parley"${why}`);
  }
  const wait = told.details?.['retryAfter'] ?? (status === 503 ? 1 : undefined);
  if (typeof wait === 'number') reply.header('retry-after', String(wait));
  const body = errorBody(
    told.code === 'INTERNAL' ? new ParleyError('INTERNAL', { details: { requestId: request.id } }) : told,
  );
  reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
}

export function registerErrors(app: App): void {
  app.setErrorHandler(answerError);
}

/** Answers bytes that are no HTTP request, or come too slowly, before any route is known. */
export function answerClientError(error: Error, socket: Duplex): void {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, told] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', new ParleyError('FRAME_TOO_LARGE')]
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [
            '408 Request Timeout',
            new ParleyError('INVALID_REQUEST', { message: 'The request came too slowly.' }),
          ]
        : ['400 Bad Request', new ParleyError('INVALID_REQUEST')];
  const body = JSON.stringify(errorBody(told));
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ` +
      `${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
