import { ParleyError, type MethodParams } from '@parley/protocol';
import type { Metrics } from '../observability/Metrics.ts';
import type { SessionEnd } from '../room/ports.ts';
import type { ResumeKeys } from './ResumeKeys.ts';
import type { Session } from './Session.ts';

/** How long it is remembered why a session ended, in ms. */
const TOMBSTONE_MS = 60_000;

/** What is left of a session: enough to tell its owner, and nobody else, why it is gone. */
interface Tombstone {
  keys: ResumeKeys;
  end: SessionEnd;
  timer: NodeJS.Timeout;
}

/** All sessions that can be resumed, and for a minute those that were. */
export class SessionRegistry {
  readonly #metrics: Metrics;
  readonly #sessions = new Map<string, Session>();
  readonly #tombstones = new Map<string, Tombstone>();
  #closing = false;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  get closing(): boolean {
    return this.#closing;
  }

  add(session: Session): void {
    this.#sessions.set(session.sessionId, session);
    this.#metrics.sessions.inc();
  }

  /** The session is over. */
  bury({ sessionId, keys }: Session, end: SessionEnd): void {
    if (!this.#sessions.delete(sessionId)) return;
    this.#metrics.sessions.dec();
    if (this.#closing) return;
    const timer = setTimeout(() => this.#tombstones.delete(sessionId), TOMBSTONE_MS).unref();
    this.#tombstones.set(sessionId, { keys, end, timer });
  }

  /**
   * Throws SESSION_NOT_FOUND. An unknown session and a wrong key look alike, so that nobody can learn which sessions
   * there are; who shows the right key of a session that is over is told why.
   */
  getResumable({ sessionId, resumeKey }: MethodParams<'session.resume'>): Session {
    const session = this.#sessions.get(sessionId);
    if (session?.keys.accepts(resumeKey)) return session;
    const tombstone = this.#tombstones.get(sessionId);
    throw new ParleyError(
      'SESSION_NOT_FOUND',
      tombstone?.keys.accepts(resumeKey) ? { details: { ...tombstone.end } } : {},
    );
  }

  /** Ends all sessions; there will be no others. */
  close(end: SessionEnd): void {
    this.#closing = true;
    for (const session of [...this.#sessions.values()]) session.end(end);
    for (const { timer } of this.#tombstones.values()) clearTimeout(timer);
    this.#tombstones.clear();
  }
}
