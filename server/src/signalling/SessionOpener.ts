import { ParleyError, PROTOCOL_VERSION, type MethodParams, type MethodResult } from '@parley/protocol';
import { joinGrantsOf } from '../auth/grants.ts';
import { isOwnFault, toldError } from '../util/toldError.ts';
import type { Connection } from './Connection.ts';
import type { RawRequest } from './decodeFrame.ts';
import { assertValid } from './dispatch.ts';
import { encodeError, encodeResult } from './encode.ts';
import type { TokenVerifier } from './ports.ts';
import { Session, type SessionContext } from './Session.ts';
import { SessionRegistry } from './SessionRegistry.ts';

/** What this server can do, for clients that ask. */
const FEATURES = [
  'resume',
  'simulcast',
  'svc',
  'dynacast',
  'data',
  'lobby',
  'moderation',
  'breakouts',
  'chat',
  'files',
  'polls',
  'recording',
  'live',
];

export interface OpenerOptions extends Omit<SessionContext, 'ended' | 'network'> {
  tokens: TokenVerifier;
  serverVersion: string;
}

/** Answers the first request of each connection: opens sessions and resumes them. */
export class SessionOpener {
  readonly sessions: SessionRegistry;
  readonly #options: OpenerOptions;

  constructor(options: OpenerOptions) {
    this.#options = options;
    this.sessions = new SessionRegistry(options.metrics);
  }

  /** Answers the first request of a connection. A refusal closes it. */
  async open(connection: Connection, request: RawRequest, network: string): Promise<void> {
    const started = performance.now();
    let outcome = 'ok';
    try {
      if (request.method === 'session.hello') await this.#hello(connection, request, network);
      else if (request.method === 'session.resume') this.#resume(connection, request);
      else
        throw new ParleyError('WRONG_STATE', {
          details: { reason: 'session.hello or session.resume comes first' },
        });
    } catch (error) {
      const told = toldError(error);
      outcome = told.code;
      if (isOwnFault(told)) this.#options.logger.error({ err: error }, 'opening a session failed');
      connection.send(encodeError(request.id, error));
      connection.close('refused');
    }
    // NOTE: whoever comes first may name any method; only those two may become a label.
    const method = outcome === 'WRONG_STATE' ? 'unknown' : request.method;
    this.#options.metrics.requests.observe({ method, outcome }, (performance.now() - started) / 1000);
  }

  async #hello(connection: Connection, { id, params }: RawRequest, network: string): Promise<void> {
    // The version comes first: a client of another one may speak another hello.
    assertVersion(params);
    assertValid('session.hello', params);
    const grants = joinGrantsOf(await this.#options.tokens.verify(params.token));
    if (this.sessions.closing) throw new ParleyError('SHUTTING_DOWN');
    // Whoever hung up meanwhile could never resume: nobody knows the key.
    if (connection.closed) return;
    const session = new Session(grants, {
      ...this.#options,
      network,
      ended: (ended, end) => this.sessions.bury(ended, end),
    });
    this.sessions.add(session);
    connection.send(encodeResult(id, this.#welcome(session)));
    session.logger.info({ client: params.client.sdk }, 'session opened');
    session.attach(connection);
  }

  #welcome({ sessionId, keys, grants }: Session): MethodResult<'session.hello'> {
    const { resumeWindow, pingTimeout } = this.#options.config;
    return {
      sessionId,
      resumeKey: keys.current,
      protocolVersion: PROTOCOL_VERSION,
      serverVersion: this.#options.serverVersion,
      features: FEATURES,
      resumeWindow,
      pingInterval: Math.floor(pingTimeout / 3),
      room: grants.room,
      identity: grants.identity,
    };
  }

  /** Who signed out on another page is out here, too, as soon as they come again. Throws TOKEN_INVALID. */
  #assertSignedIn(session: Session): void {
    try {
      this.#options.tokens.assertSignedIn(session.grants.signIn);
    } catch (error) {
      session.abandon('tokenExpired');
      throw error;
    }
  }

  #resume(connection: Connection, { id, params }: RawRequest): void {
    try {
      assertValid('session.resume', params);
      const session: Session = this.sessions.getResumable(params);
      this.#assertSignedIn(session);
      const missed = session.resume(connection, id, params);
      session.logger.info({ missed }, 'session resumed');
      this.#options.metrics.resumes.inc({ outcome: 'resumed' });
    } catch (error) {
      this.#options.metrics.resumes.inc({ outcome: toldError(error).code });
      throw error;
    }
  }
}

function assertVersion(params: unknown): void {
  const { protocolVersion } = params as Partial<MethodParams<'session.hello'>>;
  if (typeof protocolVersion !== 'string') return;
  const major = (version: string): string | undefined => version.split('.')[0];
  if (major(protocolVersion) !== major(PROTOCOL_VERSION)) {
    throw new ParleyError('UNSUPPORTED_VERSION', { details: { server: PROTOCOL_VERSION } });
  }
}
