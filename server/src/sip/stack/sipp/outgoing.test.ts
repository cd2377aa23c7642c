import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { DigestClient } from '../auth/DigestClient.ts';
import { parseUri } from '../message/uri.ts';
import { Registration } from '../registration/Registration.ts';
import type { InviteOptions } from '../session/inviteRequest.ts';
import type { OutgoingSession } from '../session/OutgoingSession.ts';
import type { ListenOptions } from '../UserAgent.ts';
import { Agent, ended } from './Agent.ts';
import { answer, askBack, has, keepFrom, receive, script } from './scenario.ts';
import { freeUdpPort, startSipp } from './Sipp.ts';

const agents: Agent[] = [];
afterEach(() => Promise.all(agents.splice(0).map((agent) => agent.close())));

interface Called {
  readonly call?: Partial<InviteOptions>;
  readonly agent?: Partial<ListenOptions>;
  readonly transport?: 'TCP';
}

/** Has sipp wait with a script, and calls it. */
async function calling(
  steps: readonly string[],
  act: (session: OutgoingSession) => unknown,
  { call = {}, agent: options = {}, transport }: Called = {},
): Promise<void> {
  const port = await freeUdpPort();
  const agent = await Agent.open(options);
  agents.push(agent);
  const { ready, done } = await startSipp({ scenario: script(...steps), port, transport });
  await ready;
  const how = transport ? `;transport=${transport}` : '';
  await Promise.all([done, act(agent.call(`sip:bob@127.0.0.1:${port}${how}`, call))]);
}

const invited = receive('INVITE', keepFrom, has('m=audio 20000'));
const taken = [answer(200, { isFirst: true, sound: 'sendrecv' }), receive('ACK')];
const bye = [receive('BYE'), answer(200)];
const established = (session: OutgoingSession): Promise<unknown> => once(session, 'established');

async function talkAndEnd(session: OutgoingSession): Promise<void> {
  await established(session);
  await session.end();
}

describe('sipp is called', () => {
  it('over UDP: it rings, takes the call, and hears that it is over', async () => {
    const seen: number[] = [];
    await calling([invited, answer(180, { isFirst: true }), ...taken, ...bye], (session) => {
      session.on('ringing', (status) => seen.push(status));
      return talkAndEnd(session);
    });
    expect(seen).toEqual([180]);
  });

  it('and ends the call', async () => {
    const { by, status, reason } = await new Promise<Awaited<ReturnType<typeof ended>>>((resolve, reject) => {
      const over = askBack('BYE', { headers: ['Reason: Q.850;cause=16;text="Normal call clearing"'] });
      calling([invited, ...taken, over, receive(200)], (session) => ended(session).then(resolve)).catch(
        reject,
      );
    });
    expect([by, status, reason]).toEqual([
      'them',
      200,
      { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' },
    ]);
  });

  it('with an offer that comes late', async () => {
    const ack = receive('ACK', has('m=audio 20000'));
    await calling(
      [receive('INVITE', keepFrom), answer(200, { isFirst: true, sound: 'sendrecv' }), ack, ...bye],
      talkAndEnd,
      {
        call: { lateOffer: true },
      },
    );
  });

  it.each([
    [486, 'INVITE'],
    [603, 'INVITE'],
  ])('and refuses with %i', async (status) => {
    await calling([invited, answer(status, { isFirst: true }), receive('ACK')], async (session) => {
      expect(await ended(session)).toMatchObject({ by: 'them', status });
    });
  });

  it('and the call is taken back while it rings', async () => {
    const steps = [
      invited,
      answer(180, { isFirst: true }),
      receive('CANCEL', has('elsewhere', 'Reason')),
      answer(200),
      answer(487, { isFirst: true, cseq: '1 INVITE' }),
      receive('ACK'),
    ];
    await calling(steps, async (session) => {
      await once(session, 'ringing');
      await session.end({ protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' });
    });
  });

  it('and takes the call just when it is taken back: it is acknowledged and ended', async () => {
    const steps = [
      invited,
      answer(180, { isFirst: true }),
      receive('CANCEL'),
      answer(200),
      answer(200, { isFirst: true, cseq: '1 INVITE', sound: 'sendrecv' }),
      receive('ACK'),
      ...bye,
    ];
    await calling(steps, async (session) => {
      await once(session, 'ringing');
      await session.end();
    });
  });

  it.each([
    [401, 'WWW-Authenticate', 'Authorization'],
    [407, 'Proxy-Authenticate', 'Proxy-Authorization'],
  ])('and asks with %i for a password', async (status, field, answered) => {
    const steps = [
      receive('INVITE', keepFrom),
      answer(status, {
        isFirst: true,
        headers: [`${field}: Digest realm="trunk", nonce="n1", qop="auth", algorithm=MD5`],
      }),
      receive('ACK'),
      // sipp can only check the one of the two.
      ...(status === 401 ? verified('INVITE') : [receive('INVITE', has('uri=.sip:', answered))]),
      ...taken,
      ...bye,
    ];
    const digest = new DigestClient({ username: 'parley', password: 'tulip', realm: 'trunk' });
    await calling(steps, talkAndEnd, { call: { path: { digest } } });
  });

  it('and wants to be refreshed less often', async () => {
    const steps = [
      receive('INVITE', keepFrom, has('90', 'Session-Expires')),
      answer(422, { isFirst: true, headers: ['Min-SE: 120'] }),
      receive('ACK'),
      receive('INVITE', has('120', 'Session-Expires'), has('120', 'Min-SE')),
      ...[
        answer(200, { isFirst: true, sound: 'sendrecv', headers: ['Session-Expires: 120;refresher=uac'] }),
        receive('ACK'),
      ],
      ...bye,
    ];
    await calling(steps, talkAndEnd, { call: { timer: { interval: 90, least: 90 } } });
  });

  it('and is shown that we are still there', async () => {
    const headers = [
      'Supported: timer',
      'Session-Expires: 3;refresher=uac',
      'Allow: INVITE, ACK, BYE, UPDATE',
    ];
    const ok = answer(200, { isFirst: true, sound: 'sendrecv', headers });
    const refresh = [receive('UPDATE', has('3;refresher=uac', 'Session-Expires')), answer(200, { headers })];
    const over = [askBack('BYE'), receive(200)];
    await calling([invited, ok, receive('ACK'), ...refresh, ...refresh, ...over], async (session) => {
      expect(await ended(session)).toMatchObject({ by: 'them', status: 200 });
    });
  });

  it('and does not show that it is there', async () => {
    const headers = ['Supported: timer', 'Require: timer', 'Session-Expires: 3;refresher=uas'];
    const ok = answer(200, { isFirst: true, sound: 'sendrecv', headers });
    await calling([invited, ok, receive('ACK'), ...bye], async (session) => {
      expect(await ended(session)).toMatchObject({ by: 'network', status: 408 });
    });
  });

  it('and wants its early sound acknowledged', async () => {
    const early = answer(183, { isFirst: true, sound: 'sendrecv', headers: ['Require: 100rel', 'RSeq: 77'] });
    const prack = receive('PRACK', has('77 1 INVITE', 'RAck'));
    const ok = answer(200, { isFirst: true, cseq: '1 INVITE' })
      .replace('[last_Via:]', 'Via:[$via]')
      .replace(/\[last_To:\];tag=[^\n]*/, 'To: <sip:bob@127.0.0.1>;tag=sipp[call_number]');
    const first = receive(
      'INVITE',
      keepFrom,
      '<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/>',
    );
    const seen: string[] = [];
    await calling(
      [first, early, prack, answer(200), ok, receive('ACK'), ...bye],
      (session) => {
        session.on('progress', () => seen.push('sound'));
        return talkAndEnd(session);
      },
      { call: { reliable: 'supported' } },
    );
    expect(seen).toEqual(['sound']);
  });

  it('and is put on hold, and taken up again', async () => {
    const change = (direction: string, answered: 'sendrecv' | 'inactive') => [
      receive('INVITE', has(`a=${direction}`)),
      answer(200, { sound: answered }),
      receive('ACK'),
    ];
    await calling(
      [invited, ...taken, ...change('sendonly', 'inactive'), ...change('sendrecv', 'sendrecv'), ...bye],
      async (session) => {
        await established(session);
        expect([await session.hold(), await session.resume()]).toEqual([true, true]);
        await session.end();
      },
    );
  });

  it('and wants to change something just then: 491, and once more a little later', async () => {
    const steps = [
      ...[invited, ...taken],
      ...[receive('INVITE'), answer(491), receive('ACK')],
      ...[receive('INVITE', has('a=sendonly')), answer(200, { sound: 'inactive' }), receive('ACK')],
      ...bye,
    ];
    await calling(steps, async (session) => {
      await established(session);
      const began = performance.now();
      expect(await session.hold()).toBe(true);
      // RFC 3261, section 14.1: who made the call waits 2.1 s to 4 s.
      expect(performance.now() - began).toBeGreaterThan(2_050);
      await session.end();
    });
  });

  it('and is asked to call somebody else', async () => {
    const frag = (line: string, state: string) =>
      askBack('NOTIFY', {
        cseq: state === 'active' ? 1 : 2,
        headers: ['Event: refer', `Subscription-State: ${state}`],
        body: { type: 'message/sipfrag', text: line },
      });
    const steps = [
      ...[invited, ...taken],
      ...[receive('REFER', has('sip:carol@127.0.0.1', 'Refer-To')), answer(202)],
      ...[frag('SIP/2.0 180 Ringing', 'active'), receive(200)],
      ...[frag('SIP/2.0 200 OK', 'terminated;reason=noresource'), receive(200)],
      ...bye,
    ];
    const heard: number[] = [];
    await calling(steps, async (session) => {
      await established(session);
      const result = await session.refer('sip:carol@127.0.0.1', {
        progress: ({ status }) => heard.push(status),
      });
      expect(result).toEqual({ status: 200, text: 'OK' });
      await session.end();
    });
    expect(heard).toEqual([180, 200]);
  });

  it('over TCP', async () => {
    await calling(
      [invited, ...taken, ...bye],
      async (session) => {
        await established(session);
        await session.end();
      },
      { transport: 'TCP' },
    );
  });
});

describe('a trunk of two addresses', () => {
  it('is called at the second when the first says 503', async () => {
    const [first, second] = [await freeUdpPort(), await freeUdpPort()];
    const record = (port: number, priority: number) => ({ name: 'host', port, priority, weight: 0 });
    const agent = await Agent.open({
      names: {
        srv: () => Promise.resolve([record(first, 1), record(second, 2)]),
        addresses: () => Promise.resolve(['127.0.0.1']),
      },
    });
    agents.push(agent);
    const refusing = script(receive('INVITE'), answer(503, { isFirst: true }), receive('ACK'));
    const all = [
      await startSipp({ scenario: refusing, port: first }),
      await startSipp({ scenario: script(invited, ...taken, ...bye), port: second }),
    ];
    await Promise.all(all.map(({ ready }) => ready));
    await Promise.all([...all.map(({ done }) => done), talkAndEnd(agent.call('sip:bob@trunk.example'))]);
  });
});

describe('a carrier', () => {
  it('has us registered: with a password, for longer than we asked, and no more at the end', async () => {
    const port = await freeUdpPort();
    const agent = await Agent.open();
    agents.push(agent);
    const challenge = 'WWW-Authenticate: Digest realm="carrier", nonce="n1", qop="auth", algorithm=MD5';
    const steps = [
      ...[receive('REGISTER'), answer(401, { isFirst: true, once: true, headers: [challenge] })],
      ...[...verified('REGISTER'), answer(423, { isFirst: true, once: true, headers: ['Min-Expires: 600'] })],
      ...[
        receive('REGISTER', has('600', 'Expires')),
        answer(200, { isFirst: true, once: true, headers: ['Expires: 600'] }),
      ],
      ...[receive('REGISTER', has('0', 'Expires')), answer(200, { isFirst: true, once: true })],
    ];
    const { ready, done } = await startSipp({ scenario: script(...steps), port });
    await ready;
    const registration = new Registration(agent.core, {
      registrar: parseUri(`sip:127.0.0.1:${port}`),
      account: parseUri('sip:parley@127.0.0.1'),
      path: { digest: new DigestClient({ username: 'parley', password: 'tulip' }) },
      contactUser: 'line1',
      expires: 300,
    });
    const registered = new Promise<void>((resolve) => {
      registration.on('state', ({ state }) => {
        if (state === 'registered') resolve();
      });
    });
    registration.start();
    await Promise.race([done, registered]);
    await registration.stop();
    await done;
  });
});

/** A request that answers the challenge before it: whether that is right sipp works out by itself. */
const verified = (method: string): string[] => [
  receive(method, '<verifyauth assign_to="right" username="parley" password="tulip"/>'),
  '<nop test="right" next="1"></nop>',
  '<nop><action><error message="The answer to the challenge is wrong."/></action></nop>',
  '<label id="1"/>',
];
