import { vi } from 'vitest';
import type { Handlers } from '../incoming/Incoming.ts';
import { parseUri } from '../message/uri.ts';
import type { IncomingOptions, IncomingSession } from '../session/IncomingSession.ts';
import type { InviteSession } from '../session/InviteSession.ts';
import type { InviteOptions } from '../session/inviteRequest.ts';
import type { OutgoingSession } from '../session/OutgoingSession.ts';
import type { UserAgent } from '../UserAgent.ts';
import { MemoryNetwork } from './MemoryNetwork.ts';
import { soundAt } from './Sound.ts';

export const [ANN, BOB] = ['192.0.2.1', '192.0.2.2'];

/** Lets time go by. */
export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Two user agents where time is a fake one: Ann calls, Bob is called. */
export class TwoPhones {
  readonly net = new MemoryNetwork();
  readonly ann: UserAgent;
  readonly bob: UserAgent;
  /** Calls that Bob has got. */
  readonly called: IncomingSession[] = [];
  /** How Bob takes up calls. */
  taking: Partial<IncomingOptions> = {};
  onInvite: NonNullable<Handlers['onInvite']> = (call) =>
    void this.called.push(call.accept({ sound: soundAt(BOB), contactUser: 'bob', ...this.taking }));

  constructor() {
    this.ann = this.net.agent(ANN);
    this.bob = this.net.agent(BOB, { handlers: { onInvite: (call) => this.onInvite(call) } });
  }

  call(options: Partial<InviteOptions> = {}): OutgoingSession {
    return this.ann.invite({
      from: { displayName: 'Ann', uri: parseUri(`sip:ann@${ANN}`) },
      target: parseUri(`sip:bob@${BOB}`),
      ...{ path: {}, sound: soundAt(ANN) },
      ...options,
    });
  }

  async established(options: Partial<InviteOptions> = {}) {
    const out = this.call(options);
    await pass(20);
    const inward = this.called.at(-1);
    if (!inward) throw new Error('Nobody was called.');
    await inward.answer();
    await pass(20);
    return { out, inward, seenOut: watch(out), seenIn: watch(inward) };
  }
}

/** What happens to a call, in words. */
export function watch(session: InviteSession): string[] {
  const seen: string[] = [];
  session.on('ringing', (status) => seen.push(`ringing ${status}`));
  session.on('progress', (status) => seen.push(`progress ${status}`));
  session.on('established', () => seen.push('established'));
  session.on('held', (isHeld) => seen.push(isHeld ? 'held' : 'resumed'));
  session.on('info', ({ body }) => seen.push(`info ${body}`));
  session.on('ended', ({ by, status }) => seen.push(`ended by ${by} ${status}`));
  return seen;
}
