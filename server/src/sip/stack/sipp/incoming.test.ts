import { afterEach, describe, expect, it } from 'vitest';
import { DigestServer } from '../auth/DigestServer.ts';
import { Registrar } from '../registration/Registrar.ts';
import { Agent, ended, sound } from './Agent.ts';
import { answer, ask, has, pause, perhaps, receive, script } from './scenario.ts';
import { runSipp } from './Sipp.ts';

const agents: Agent[] = [];
afterEach(() => Promise.all(agents.splice(0).map((agent) => agent.close())));

async function calledBy(
  agent: Agent,
  steps: readonly string[],
  o: { transport?: 'TCP' } = {},
): Promise<void> {
  agents.push(agent);
  await runSipp({ scenario: script(...steps), remotePort: agent.port(o.transport ?? 'UDP'), ...o });
}

const invite = ask('INVITE', { sound: 'sendrecv' });
const trying = perhaps(100);
const bye = [ask('BYE', { cseq: 9 }), receive(200)];
const simple = (): Promise<Agent> => Agent.taking((session) => void session.answer());

describe('sipp calls', () => {
  it.each(['UDP', 'TCP'] as const)('over %s, and ends the call', async (transport) => {
    const steps = [
      invite,
      trying,
      receive(180),
      receive(200, has('m=audio 20000 RTP/AVP 0 101')),
      ask('ACK'),
      ...bye,
    ];
    const agent = await Agent.taking((session) => {
      session.ring();
      void session.answer();
    });
    await calledBy(agent, steps, transport === 'TCP' ? { transport } : {});
  });

  it('with an offer that comes late', async () => {
    const sounds: unknown[] = [];
    const agent = await Agent.taking((session) => {
      session.on('established', () => sounds.push(session.sound.agreed));
      void session.answer();
    });
    const late = [receive(200, has('m=audio 20000')), ask('ACK', { sound: 'sendrecv' }), pause(100)];
    await calledBy(agent, [ask('INVITE'), trying, ...late, ...bye]);
    expect(sounds).toMatchObject([{ direction: 'sendrecv', remote: { port: 29_999 } }]);
  });

  it('and takes it back while it rings', async () => {
    const causes: unknown[] = [];
    const agent = await Agent.taking((session) => {
      session.ring();
      void ended(session).then((cause) => causes.push(cause));
    });
    const cancel = ask('CANCEL', {
      ofInvite: true,
      headers: ['Reason: SIP;cause=200;text="Call completed elsewhere"'],
    });
    // The CANCEL has the branch of the INVITE, and so has the ACK of its refusal.
    await calledBy(agent, [
      invite,
      trying,
      receive(180),
      cancel,
      receive(200),
      receive(487),
      ask('ACK', { ofInvite: true }),
    ]);
    expect(causes).toMatchObject([{ by: 'them', status: 487, text: 'Call completed elsewhere' }]);
  });

  it('and takes it back when it was just taken: too late', async () => {
    const late = [
      receive(200),
      ask('CANCEL', { ofInvite: true }),
      receive(200, has('CANCEL', 'CSeq')),
      ask('ACK'),
    ];
    await calledBy(await simple(), [invite, trying, ...late, ...bye]);
  });

  it('and acknowledges late: the 200 comes again until then', async () => {
    await calledBy(await simple(), [
      invite,
      trying,
      receive(200),
      pause(1_800),
      ask('ACK'),
      pause(700),
      ...bye,
    ]);
  });

  it('and is asked for its password', async () => {
    const digest = new DigestServer('parley');
    const verdicts: unknown[] = [];
    const agent = await Agent.open({
      handlers: {
        onInvite: (call) => {
          const verdict = digest.verify(call.request, call.source.address, (name) =>
            name === 'ann' ? 'tulip' : undefined,
          );
          verdicts.push(verdict);
          const [, md5 = ''] = digest.challenges();
          if (verdict.ok) void call.accept({ sound: sound() }).answer();
          else call.refuse(407, { headers: { 'Proxy-Authenticate': md5 } });
        },
      },
    });
    const again = ask('INVITE', {
      isNew: true,
      sound: 'sendrecv',
      cseq: 2,
      headers: ['[authentication username=ann password=tulip]'],
    });
    const steps = [
      invite,
      trying,
      receive(407),
      ask('ACK', { ofInvite: true }),
      again,
      trying,
      receive(200),
      ask('ACK', { cseq: 2 }),
      ...bye,
    ];
    await calledBy(agent, steps);
    expect(verdicts).toMatchObject([{ ok: false }, { ok: true, username: 'ann' }]);
  });

  it('and wants to be refreshed more often than is taken', async () => {
    const timer = (s: number) => ['Supported: timer', `Session-Expires: ${s};refresher=uas`];
    const small = ask('INVITE', { sound: 'sendrecv', headers: timer(60) });
    const large = ask('INVITE', { isNew: true, sound: 'sendrecv', cseq: 2, headers: timer(90) });
    const refused = [receive(422, has('90', 'Min-SE')), ask('ACK', { ofInvite: true })];
    const taken = [trying, receive(200, has('90;refresher=uas', 'Session-Expires')), ask('ACK', { cseq: 2 })];
    await calledBy(await simple(), [small, trying, ...refused, large, ...taken, ...bye]);
  });

  it.each([
    ['UPDATE', 'INVITE, ACK, BYE, CANCEL, UPDATE'],
    ['INVITE', 'INVITE, ACK, BYE, CANCEL'],
  ])('and is refreshed by %s', async (method, allow) => {
    const agent = await Agent.taking((session) => void session.answer(), {
      timer: { interval: 3, least: 1 },
    });
    const headers = ['Supported: timer', 'Session-Expires: 3;refresher=uas', `Allow: ${allow}`];
    const first = ask('INVITE', { sound: 'sendrecv', headers });
    const isUpdate = method === 'UPDATE';
    const again = answer(200, {
      headers: ['Supported: timer', 'Session-Expires: 3;refresher=uac'],
      ...(!isUpdate && { sound: 'sendrecv' as const }),
    });
    const refresh = [
      receive(method, has('3;refresher=uac', 'Session-Expires')),
      again,
      ...(isUpdate ? [] : [receive('ACK')]),
    ];
    await calledBy(agent, [first, trying, receive(200), ask('ACK'), ...refresh, ...refresh, ...bye]);
  });

  it('and does not refresh the call, though it has promised', async () => {
    const causes: unknown[] = [];
    const agent = await Agent.taking(
      (session) => {
        void ended(session).then((cause) => causes.push(cause));
        void session.answer();
      },
      { timer: { interval: 3, least: 1 } },
    );
    const headers = ['Supported: timer', 'Session-Expires: 3;refresher=uac'];
    const taken = receive(200, has('3;refresher=uac', 'Session-Expires'), has('timer', 'Require'));
    await calledBy(agent, [
      ask('INVITE', { sound: 'sendrecv', headers }),
      trying,
      taken,
      ask('ACK'),
      receive('BYE'),
      answer(200),
    ]);
    expect(causes).toMatchObject([{ by: 'network', status: 408 }]);
  });

  it('and wants its ringing acknowledged', async () => {
    const agent = await Agent.taking((session) => {
      session.progress();
      void session.answer();
    });
    const reliable = ask('INVITE', { sound: 'sendrecv', headers: ['Require: 100rel'] });
    const early = receive(
      183,
      has('100rel', 'Require'),
      has('m=audio'),
      '<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/>',
    );
    const prack = [
      ask('PRACK', { cseq: 2, headers: ['RAck: [$rseq] 1 INVITE'] }),
      receive(200, has('PRACK', 'CSeq')),
    ];
    await calledBy(agent, [
      reliable,
      trying,
      early,
      ...prack,
      receive(200, has('INVITE', 'CSeq')),
      ask('ACK'),
      ...bye,
    ]);
  });

  it('and holds, and takes up again', async () => {
    const seen: boolean[] = [];
    const agent = await Agent.taking((session) => {
      session.on('held', (isHeld) => seen.push(isHeld));
      void session.answer();
    });
    const change = (direction: 'sendonly' | 'inactive' | 'sendrecv', cseq: number, expected: string) => [
      ask('INVITE', { sound: direction, cseq }),
      receive(200, has(`a=${expected}`)),
      ask('ACK', { cseq }),
    ];
    const changes = [
      ...change('sendonly', 2, 'recvonly'),
      ...change('sendrecv', 3, 'sendrecv'),
      ...change('inactive', 4, 'inactive'),
    ];
    await calledBy(agent, [invite, trying, receive(200), ask('ACK'), ...changes, ...bye]);
    expect(seen).toEqual([true, false, true]);
  });

  it('and transfers the call: it hears how that went before the call is ended', async () => {
    const targets: unknown[] = [];
    const agent = await Agent.taking((session) => {
      session.on('refer', (refer) => {
        targets.push('user' in refer.uri && refer.uri.user);
        refer.accept();
        void refer.notify(200).then(() => session.end());
      });
      void session.answer();
    });
    const refer = ask('REFER', {
      cseq: 2,
      headers: ['Refer-To: <sip:carol@127.0.0.1>', 'Referred-By: <sip:sipp@127.0.0.1>'],
    });
    const notice = (status: number, state: string) => [
      receive(
        'NOTIFY',
        has(`SIP/2.0 ${status}`),
        has('refer;id=2', 'Event'),
        has(state, 'Subscription-State'),
      ),
      answer(200),
    ];
    const steps = [
      refer,
      receive(202),
      ...notice(100, 'active'),
      ...notice(200, 'terminated'),
      receive('BYE'),
      answer(200),
    ];
    await calledBy(agent, [invite, trying, receive(200), ask('ACK'), ...steps]);
    expect(targets).toEqual(['carol']);
  });

  it('and sends keys by INFO', async () => {
    const keys: unknown[] = [];
    const agent = await Agent.taking((session) => {
      session.on('info', (info) => keys.push(info));
      void session.answer();
    });
    const info = ask('INFO', {
      cseq: 2,
      body: { type: 'application/dtmf-relay', text: 'Signal=5\nDuration=160' },
    });
    await calledBy(agent, [invite, trying, receive(200), ask('ACK'), info, receive(200), ...bye]);
    expect(keys).toMatchObject([
      { contentType: 'application/dtmf-relay', body: expect.stringMatching(/^Signal=5/) },
    ]);
  });

  it.each([
    ['MESSAGE', 405],
    ['SUBSCRIBE', 405],
    ['PUBLISH', 405],
    ['REFER', 403],
    ['NOTIFY', 481],
    ['REGISTER', 405],
  ])('%s out of the blue is refused with %i', async (method, status) => {
    await calledBy(await simple(), [
      ask(method, { headers: ['Refer-To: <sip:x@127.0.0.1>'] }),
      receive(status),
    ]);
  });
});

describe('sipp registers', () => {
  it('with its password', async () => {
    const registrar = new Registrar({
      realm: 'parley',
      algorithms: ['MD5'],
      passwordOf: (name) => (name === 'sipp' ? 'tulip' : undefined),
    });
    const agent = await Agent.open({ handlers: { onRegister: (request) => registrar.handle(request) } });
    const to = (cseq: number, headers: string[]) =>
      ask('REGISTER', { cseq, headers, isNew: true }).replace('To: <sip:parley@', 'To: <sip:sipp@');
    const password = '[authentication username=sipp password=tulip]';
    await calledBy(agent, [
      to(1, []),
      receive(401),
      to(2, ['Expires: 120', password]),
      receive(200, has('expires=120', 'Contact')),
    ]);
    expect(registrar.lookup('sipp')).toHaveLength(1);
    registrar.close();
  });
});
