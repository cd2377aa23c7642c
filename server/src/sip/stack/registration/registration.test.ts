import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DigestClient } from '../auth/DigestClient.ts';
import { parseUri, writeUri } from '../message/uri.ts';
import { answer } from '../testing/answer.ts';
import { MemoryNetwork } from '../testing/MemoryNetwork.ts';
import { pass } from '../testing/TwoPhones.ts';
import { UserAgent } from '../UserAgent.ts';
import { OptionsProbe } from './OptionsProbe.ts';
import { Registrar } from './Registrar.ts';
import { Registration, type RegistrationOptions } from './Registration.ts';

const [PHONE, HOME] = ['192.0.2.1', '192.0.2.2'];
let net: MemoryNetwork;
let phone: UserAgent;
let registrar: Registrar;
let presence: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  net = new MemoryNetwork();
  phone = net.agent(PHONE);
  registrar = new Registrar({
    ...{ realm: 'parley', mostExpires: 3600 },
    passwordOf: (name) => (name === 'ann' ? 'tulip' : undefined),
  });
  net.agent(HOME, { handlers: { onRegister: (request) => registrar.handle(request) } });
  presence = [];
  registrar.on('presence', (name, isThere) => presence.push(`${name} ${isThere}`));
});
afterEach(() => {
  registrar.close();
  vi.useRealTimers();
});

function register(options: Partial<RegistrationOptions> = {}, password = 'tulip') {
  const registration = new Registration(phone, {
    registrar: parseUri(`sip:${HOME}`),
    account: parseUri(`sip:ann@${HOME}`),
    path: { digest: new DigestClient({ username: 'ann', password }) },
    contactUser: 'ann',
    random: () => 0,
    ...options,
  }).start();
  const seen: string[] = [];
  registration.on('state', (now) => seen.push(now.state === 'failed' ? `failed ${now.status}` : now.state));
  return { registration, seen };
}

describe('a registration', () => {
  it('is made with the password, kept, and taken back', async () => {
    const { registration, seen } = register();
    await pass(20);
    expect(registrar.lookup('ann').map(({ contact }) => writeUri(contact))).toEqual([
      `sip:ann@${PHONE}:5060`,
    ]);
    await pass(7_100_000);
    // Half way through each hour; the nonce is too old by then.
    expect(net.whats(HOME)).toEqual(['401', '200', '401', '200', '401', '200', '401', '200']);
    const stopped = registration.stop();
    await pass(20);
    await stopped;
    expect([registrar.lookup('ann'), seen.at(-1), presence]).toEqual([
      [],
      'ended',
      ['ann true', 'ann false'],
    ]);
  });

  it('keeps its way through a translator open as long as it stands', async () => {
    const { registration } = register();
    await pass(120_000);
    expect(net.empty.map(({ from, to }) => `${from} ${to}`)).toEqual(Array(4).fill(`${PHONE} ${HOME}`));
    const stopped = registration.stop();
    await pass(60_000);
    await stopped;
    expect(net.empty).toHaveLength(4);
  });

  describe('over a connection', () => {
    const path = {
      digest: new DigestClient({ username: 'ann', password: 'tulip' }),
      transport: 'TCP',
    } as const;
    const count = () => net.whats(PHONE, HOME).length;
    beforeEach(() => {
      net.takesConnections = true;
    });

    it('is made again soon after that has broken, and not after its end', async () => {
      const { registration, seen } = register({ path });
      await pass(1_000_000);
      const before = count();
      net.breakConnections();
      await pass(3_900);
      expect(count()).toBe(before);
      await pass(200);
      expect([count() > before, registration.state.state]).toEqual([true, 'registered']);
      const stopped = registration.stop();
      await pass(20);
      await stopped;
      const after = count();
      net.breakConnections();
      await pass(100_000);
      expect([count(), seen.at(-1)]).toEqual([after, 'ended']);
    });

    it('that breaks each time is not asked for more and more', async () => {
      register({ path });
      await pass(20);
      const before = count();
      for (let second = 0; second < 3_600; second += 1) {
        await pass(1_000);
        net.breakConnections();
      }
      expect(count() - before).toBeGreaterThan(10);
      expect(count() - before).toBeLessThan(60);
    });
  });

  it('asks for longer where that is wanted', async () => {
    const { seen } = register({ expires: 30 });
    await pass(20);
    expect([seen, net.whats(HOME)]).toEqual([['registered'], ['401', '423', '200']]);
  });

  it('with a wrong password is tried again, but not soon', async () => {
    const { seen } = register({}, 'rose');
    await pass(59_000);
    expect(seen).toEqual(['failed 401']);
    await pass(10_000_000);
    expect(seen.length).toBeGreaterThan(30);
  });

  it('never gives up where nobody answers, and is there soon after somebody does', async () => {
    net.loses = () => true;
    const { registration, seen } = register();
    await pass(86_400_000);
    expect(new Set(seen)).toEqual(new Set(['failed 408']));
    net.loses = () => false;
    await pass(330_000);
    expect(registration.state.state).toBe('registered');
  });

  it('waits as long as it is asked to', async () => {
    net.host(HOME, (message, flow) => {
      if (message.kind === 'request')
        answer(message, flow, { status: 503, headers: { 'Retry-After': '900' } });
    });
    register();
    await pass(899_000);
    expect(net.whats(PHONE)).toHaveLength(1);
    await pass(2_000);
    expect(net.whats(PHONE)).toHaveLength(2);
  });
});

describe('a registrar', () => {
  function send(lines: readonly string[], to = 'ann'): void {
    net
      .flow('192.0.2.9', HOME)
      .send(
        Buffer.from(
          [
            `REGISTER sip:${HOME} SIP/2.0`,
            'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx',
            'From: <sip:eve@192.0.2.9>;tag=e',
            `To: <sip:${to}@${HOME}>`,
            'Call-ID: x',
            'CSeq: 1 REGISTER',
            ...lines,
            ...['', ''],
          ].join('\r\n'),
        ),
      );
  }

  it('lets nobody in without a password', async () => {
    send(['Contact: <sip:eve@192.0.2.9>']);
    await pass(10);
    expect([net.whats(HOME), registrar.present]).toEqual([['401'], []]);
    expect(net.last(HOME, '401')?.headers.all('www-authenticate')).toHaveLength(2);
  });

  it('lets an extension speak for itself only', async () => {
    const { seen } = register({ account: parseUri(`sip:bob@${HOME}`) });
    await pass(20);
    expect(seen).toEqual(['failed 403']);
  });

  it('keeps a few phones of an extension, until they are gone', async () => {
    for (const number of [1, 2, 3, 4, 5, 6]) register({ contactUser: `ann${number}` });
    await pass(20);
    expect([registrar.lookup('ann').length, net.whats(HOME).filter((what) => what === '403').length]).toEqual(
      [5, 1],
    );
    net.loses = () => true;
    await pass(3_620_000);
    expect([registrar.present, presence]).toEqual([[], ['ann true', 'ann false']]);
  });
});

describe('a probe', () => {
  it('says that a peer is up with its first answer, down after three questions, and up again after one answer', async () => {
    const probe = new OptionsProbe(phone, {
      ...{ target: parseUri(`sip:${HOME}`), from: parseUri(`sip:parley@${PHONE}`), path: {} },
    }).start();
    const seen: string[] = [];
    probe.on('health', (isUp, text) => seen.push(`${isUp} ${text}`));
    await pass(100_000);
    expect([seen.splice(0), probe.isUp, typeof probe.roundTripMs]).toEqual([['true 200 OK'], true, 'number']);
    net.loses = () => true;
    await pass(40_000);
    expect(seen).toEqual([]);
    await pass(40_000);
    expect(seen).toEqual(['false 408 Request Timeout']);
    net.loses = () => false;
    await pass(20_000);
    expect([seen.at(-1), probe.isUp]).toEqual(['true 200 OK', true]);
    probe.stop();
  });

  describe('of a peer with two addresses, the first of which is gone', () => {
    const healthOf = async (core: UserAgent): Promise<string[]> => {
      const target = parseUri('sip:9.and.2');
      const probe = new OptionsProbe(core, {
        ...{ target, from: parseUri(`sip:parley@${PHONE}`), path: {}, downAfter: 1 },
      }).start();
      const seen: string[] = [];
      probe.on('health', (isUp, text) => seen.push(`${isUp} ${text}`));
      await pass(100_000);
      probe.stop();
      return seen;
    };

    it('hears the second', async () => {
      expect(await healthOf(phone)).toEqual(['true 200 OK']);
    });

    it('hears the second also where a connection to the first is waited for', async () => {
      const caller = UserAgent.over(
        {
          locate: (uri) => phone.network.locate(uri),
          flowTo: ({ address }) =>
            new Promise((resolve, reject) => {
              if (address === HOME) resolve(net.flow(PHONE, HOME, 'TCP'));
              else setTimeout(() => reject(new Error('It does not answer.')), 5_000);
            }),
        },
        { handlers: {} },
      );
      net.host(PHONE, (message, flow) => caller.receive(message, flow));
      expect(await healthOf(caller)).toEqual(['true 200 OK']);
    });
  });

  it('takes a refusal for a sign of life', async () => {
    net.host(HOME, (message, flow) => {
      if (message.kind === 'request') answer(message, flow, { status: 403 });
    });
    const probe = new OptionsProbe(phone, {
      ...{ target: parseUri(`sip:${HOME}`), from: parseUri(`sip:parley@${PHONE}`), path: {}, downAfter: 1 },
    }).start();
    await pass(100_000);
    expect(probe.isUp).toBe(true);
    probe.stop();
  });
});
