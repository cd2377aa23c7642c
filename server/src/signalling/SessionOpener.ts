import { ParleyError, PROTOCOL_VERSION, type MethodParams, type MethodResult } from '@parley/protocol';
import { joinGrantsOf } from '../auth/grants.ts';
import type { Connection } from './Connection.ts';
import type { RawRequest } from './decodeFrame.ts';
import { assertValid } from './dispatch.ts';
import { encodeError, encodeResult } from './encode.ts';
import type { TokenVerifier } from './ports.ts';
import { Session, type SessionContext } from './Session.ts';

/** What this server can do, for clients that ask. */
const FEATURES = ['resume', 'simulcast', 'svc', 'dynacast', 'data'];
/** How long it is remembered why a session ended, in ms. */
const TOMBSTONE_MS = 60_000;

export interface OpenerOptions extends Omit<SessionContext, 'ended'> {
  tokens: TokenVerifier;
  serverVersion: string;
}

/** Opens sessions, resumes them, and knows all of them. */
export class SessionOpener {
  readonly #options: OpenerOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #tombstones = new Map<string, NodeJS.Timeout>();

  constructor(options: OpenerOptions) {
    this.#options = options;
  }

  /** Sessions that are not over. */
  get live(): Session[] {
    return [...this.#sessions.values()].filter(({ state }) => state.kind !== 'ended');
  }

  close(): void {
    for (const timer of this.#tombstones.values()) clearTimeout(timer);
  }

  /** Answers the first request of a connection. A refusal closes it. */
  async open(connection: Connection, request: RawRequest): Promise<void> {
    try {
      if (request.method === 'session.hello') await this.#hello(connection, request);
      else if (request.method === 'session.resume') this.#resume(connection, request);
      else
        throw new ParleyError('WRONG_STATE', {
          details: { reason: 'session.hello or session.resume comes first' },
        });
    } catch (error) {
      if (!(error instanceof ParleyError))
        this.#options.logger.error({ err: error }, 'opening a session failed');
      connection.send(encodeError(request.id, error));
      connection.close('refused');
    }
  }

  async #hello(connection: Connection, { id, params }: RawRequest): Promise<void> {
    assertValid('session.hello', params);
    assertVersion(params.protocolVersion);
    const grants = joinGrantsOf(await this.#options.tokens.verify(params.token));
    const session = new Session(grants, { ...this.#options, ended: (ended) => this.#remember(ended) });
    this.#sessions.set(session.sessionId, session);
    this.#options.metrics.sessions.inc();
    const { resumeWindow } = this.#options.config;
    const result: MethodResult<'session.hello'> = {
      sessionId: session.sessionId,
      resumeKey: session.keys.current,
      protocolVersion: PROTOCOL_VERSION,
      serverVersion: this.#options.serverVersion,
      features: FEATURES,
      resumeWindow,
      pingInterval: Math.floor(this.#options.config.pingTimeout / 3),
      room: grants.room,
      identity: grants.identity,
    };
    connection.send(encodeResult(id, result));
    session.attach(connection);
    this.#options.logger.info(
      {
        sessionId: session.sessionId,
        room: grants.room,
        identity: grants.identity,
        client: params.client.sdk,
      },
      'session opened',
    );
  }

  #resume(connection: Connection, { id, params }: RawRequest): void {
    try {
      assertValid('session.resume', params);
      const session = this.#getResumable(params);
      const missed = session.getMissed(params.lastSeq);
      session.acknowledge(params.lastSeq);
      const result: MethodResult<'session.resume'> = {
        resumeKey: session.keys.rotate(params.resumeKey),
        missed: missed.length,
      };
      connection.send(encodeResult(id, result));
      for (const text of missed) connection.send(text);
      session.attach(connection);
      this.#options.metrics.resumes.inc({ outcome: 'resumed' });
      this.#options.logger.info({ sessionId: session.sessionId, missed: missed.length }, 'session resumed');
    } catch (error) {
      this.#options.metrics.resumes.inc({ outcome: error instanceof ParleyError ? error.code : 'INTERNAL' });
      throw error;
    }
  }

  /** An unknown session and a wrong key look alike, so that nobody can learn which sessions there are. */
  #getResumable({ sessionId, resumeKey }: MethodParams<'session.resume'>): Session {
    const session = this.#sessions.get(sessionId);
    if (!session?.keys.accepts(resumeKey)) throw new ParleyError('SESSION_NOT_FOUND');
    if (session.state.kind === 'ended')
      throw new ParleyError('SESSION_NOT_FOUND', { details: { ...session.state.end } });
    return session;
  }

  #remember(session: Session): void {
    this.#options.metrics.sessions.dec();
    const timer = setTimeout(() => {
      this.#sessions.delete(session.sessionId);
      this.#tombstones.delete(session.sessionId);
    }, TOMBSTONE_MS).unref();
    this.#tombstones.set(session.sessionId, timer);
  }
}

function assertVersion(clientVersion: string): void {
  const major = (version: string): string | undefined => version.split('.')[0];
  if (major(clientVersion) !== major(PROTOCOL_VERSION)) {
    throw new ParleyError('UNSUPPORTED_VERSION', { details: { server: PROTOCOL_VERSION } });
  }
}
