/** A telephone for tests: the real stack, a socket for its sound, and nothing else. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DigestClient } from '../../stack/auth/DigestClient.ts';
import type { Path } from '../../stack/agent/Path.ts';
import { Registration } from '../../stack/registration/Registration.ts';
import { OfferAnswer } from '../../stack/sdp/OfferAnswer.ts';
import type { IncomingSession } from '../../stack/session/IncomingSession.ts';
import type { InviteSession } from '../../stack/session/InviteSession.ts';
import type { InviteOptions } from '../../stack/session/inviteRequest.ts';
import type { OutgoingSession } from '../../stack/session/OutgoingSession.ts';
import { UserAgent, type IncomingCall } from '../../stack/UserAgent.ts';
import { sipUri } from '../TrunkLine.ts';

const LOOPBACK = '127.0.0.1';
const FRAME = 160;

export class TestPhone {
  readonly agent: UserAgent;
  /** Calls that came in and were not taken yet. */
  readonly ringing: IncomingCall[] = [];
  /** Packets of sound that came. */
  heard = 0;
  /** Whether it knows telephone events. */
  takesEvents = true;
  readonly #sound: Socket;
  #talking: NodeJS.Timeout | undefined;
  #sequence = 0;

  static async open(): Promise<TestPhone> {
    const sound = createSocket('udp4');
    sound.bind(0, LOOPBACK);
    await once(sound, 'listening');
    const ringing: IncomingCall[] = [];
    const agent = await UserAgent.open({
      listen: [{ transport: 'UDP', address: LOOPBACK, port: 0 }],
      handlers: { onInvite: (call) => void ringing.push(call) },
    });
    return new TestPhone({ agent, sound, ringing });
  }

  private constructor({
    agent,
    sound,
    ringing,
  }: {
    agent: UserAgent;
    sound: Socket;
    ringing: IncomingCall[];
  }) {
    this.agent = agent;
    this.ringing = ringing;
    this.#sound = sound;
    sound.on('message', () => (this.heard += 1));
  }

  get port(): number {
    return this.agent.listening[0]?.port ?? 0;
  }

  get offers(): OfferAnswer {
    const { port } = this.#sound.address();
    const settings = { address: LOOPBACK, port, codecs: ['PCMU'], encryption: 'off', suites: [] } as const;
    return this.takesEvents ? new OfferAnswer(settings) : new WithoutEvents(settings);
  }

  /** Calls a number at a server. `from`: its own. */
  call(
    number: string,
    { port, from, ...more }: { port: number; from: string } & Partial<Omit<InviteOptions, 'from'>>,
  ): OutgoingSession {
    return this.agent.invite({
      from: { displayName: 'Ann', uri: sipUri(from, LOOPBACK) },
      target: sipUri(number, `${LOOPBACK}:${port}`),
      ...{ path: {}, sound: this.offers, ...more },
    });
  }

  /** Takes a call that came in. */
  take(call: IncomingCall): IncomingSession {
    return call.accept({ sound: this.offers });
  }

  /** Registers as an extension of a server. */
  register(extension: string, { password, port }: { password: string; port: number }): Registration {
    const registrar = sipUri('', `${LOOPBACK}:${port}`);
    const path: Path = { digest: new DigestClient({ username: extension, password }) };
    return new Registration(this.agent, {
      ...{ registrar, path, contactUser: extension, account: sipUri(extension, LOOPBACK) },
    }).start();
  }

  /** Sends silence as PCMU, as long as it is not told to stop. */
  talk({ agreed }: OfferAnswer): void {
    const { address, port } = agreed?.remote ?? { address: LOOPBACK, port: 9 };
    this.#talking = setInterval(() => {
      this.#sequence += 1;
      const packet = Buffer.alloc(12 + FRAME, 0xff);
      packet.writeUInt16BE(0x8000, 0);
      packet.writeUInt16BE(this.#sequence % 2 ** 16, 2);
      packet.writeUInt32BE((this.#sequence * FRAME) % 2 ** 32, 4);
      packet.writeUInt32BE(0x1234, 8);
      this.#sound.send(packet, port, address);
    }, 20);
  }

  hush(): void {
    clearInterval(this.#talking);
  }

  async close(): Promise<void> {
    this.hush();
    await this.agent.close();
    this.#sound.close();
  }
}

/** Answers as who has never heard of telephone events. */
class WithoutEvents extends OfferAnswer {
  override answer(offer: string): string {
    return super.answer(offer.replace(/^a=rtpmap:\d+ telephone-event.*\r\n/gm, ''));
  }
}

/** Presses keys one after the other. */
export async function press(session: InviteSession, keys: string): Promise<void> {
  for (const key of keys) {
    const body = `Signal=${key}\r\nDuration=160\r\n`;
    const status = await session.info({ contentType: 'application/dtmf-relay', body });
    if (status !== 200) throw new Error(`The key ${key} was answered with ${status}.`);
  }
}
