import { once } from 'node:events';
import { parseUri } from '../message/uri.ts';
import { OfferAnswer } from '../sdp/OfferAnswer.ts';
import type { IncomingSession, IncomingOptions } from '../session/IncomingSession.ts';
import type { InviteOptions } from '../session/inviteRequest.ts';
import type { EndCause } from '../session/types.ts';
import type { InviteSession } from '../session/InviteSession.ts';
import type { OutgoingSession } from '../session/OutgoingSession.ts';
import { UserAgent, type ListenOptions } from '../UserAgent.ts';

export const sound = (): OfferAnswer =>
  new OfferAnswer({ address: '127.0.0.1', port: 20_000, codecs: ['PCMU'], encryption: 'off', suites: [] });

/** A user agent of ours on loopback, for one test. */
export class Agent {
  readonly #agent: UserAgent;

  static async open(o: Partial<ListenOptions> = {}): Promise<Agent> {
    const at = { address: '127.0.0.1', port: 0 };
    const listen = [
      { transport: 'UDP', ...at },
      { transport: 'TCP', ...at },
    ] as const;
    return new Agent(await UserAgent.open({ listen, handlers: {}, product: 'Parley', ...o }));
  }

  /** One that takes up calls in its own way. */
  static taking(
    take: (session: IncomingSession) => void,
    o: Partial<ListenOptions> & { call?: Partial<IncomingOptions> } = {},
  ): Promise<Agent> {
    const onInvite: NonNullable<ListenOptions['handlers']['onInvite']> = (call) =>
      take(call.accept({ sound: sound(), ...o.call }));
    return Agent.open({ ...o, handlers: { onInvite } });
  }

  private constructor(agent: UserAgent) {
    this.#agent = agent;
  }

  port(transport: 'UDP' | 'TCP' = 'UDP'): number {
    return this.#agent.listening.find((one) => one.transport === transport)?.port ?? 0;
  }

  get core(): UserAgent {
    return this.#agent;
  }

  call(target: string, o: Partial<InviteOptions> = {}): OutgoingSession {
    const from = { displayName: 'Parley', uri: parseUri('sip:parley@127.0.0.1') };
    return this.#agent.invite({ from, target: parseUri(target), path: {}, sound: sound(), ...o });
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

/** Resolves when a call has ended. */
export const ended = (session: InviteSession): Promise<EndCause> =>
  once(session, 'ended').then(([cause]) => cause as EndCause);
