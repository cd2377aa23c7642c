import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SipMessage } from '../message/SipMessage.ts';
import { answers, options, tcpTo, udpTo, type SipSocket } from '../testing/SipSocket.ts';
import { UserAgent } from '../UserAgent.ts';

const FOLDER = join(import.meta.dirname, '../../../../../node_modules/sip/test/messages');
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.dat'))
  .map((name) => name.replace('.dat', ''));

/** What is answered over TCP, where each answer comes back to who asked: RFC 4475. What is not named here gets none. */
const ANSWERS: Readonly<Record<string, readonly number[]>> = {
  // Valid ones, to an agent at which nobody is at home, and none can register.
  ...{ badbranch: [200], lwsdisp: [200], semiuri: [200], transports: [200], zeromf: [200] },
  ...{ baddate: [100, 404], esc01: [100, 404], longreq: [100, 404], sdp01: [100, 404] },
  ...{ cparam01: [405], cparam02: [405], escnull: [405], regaut01: [405], regescrt: [405], unksm2: [405] },
  dblreq: [405, 100, 404],
  // Within a dialog that there is not.
  wsinv: [481],
  // Not for this one.
  ...{ esc02: [501], intmeth: [501], mpart01: [405], invut: [415], bext01: [420] },
  ...{ novelsc: [416], unkscm: [416] },
  // Broken.
  ...{ badaspec: [400], badcseq: [400], escruri: [400], insuf: [400], inv2543: [400], ltgtruri: [400] },
  ...{ lwsruri: [400], lwsstart: [400], mcl01: [400], mismatch01: [400], mismatch02: [400], multi01: [400] },
  ...{ ncl: [400], quotbal: [400], regbadct: [400], scalar02: [400], trws: [400] },
};

// One for each transport: the same message over another one would be a copy, which is answered where the first came from.
const agents: UserAgent[] = [];
const failures: unknown[] = [];

async function listen(transport: 'UDP' | 'TCP'): Promise<number> {
  const agent = await UserAgent.open({
    listen: [{ transport, address: '127.0.0.1', port: 0 }],
    handlers: { onInvite: (call) => call.refuse(404) },
    onError: (error) => failures.push(error),
  });
  agents.push(agent);
  return agent.listening[0]?.port ?? 0;
}

let [udpPort, tcpPort] = [0, 0];
beforeAll(async () => {
  [udpPort, tcpPort] = [await listen('UDP'), await listen('TCP')];
});
afterAll(() => Promise.all(agents.map((agent) => agent.close())));

const torture = (name: string): Buffer => readFileSync(join(FOLDER, `${name}.dat`));
const statuses = (received: readonly SipMessage[]): number[] =>
  received.flatMap((message) => (message.kind === 'response' ? [message.status] : []));

/** It still is there, and does what it should. */
async function stillAnswers(socket: SipSocket, transport: string): Promise<void> {
  const { data, callId } = options({ transport, port: socket.port });
  socket.send(data);
  await socket.next(answers(callId));
}

describe('after a torture message', () => {
  it.each(NAMES)('%s over UDP the next question is answered', async (name) => {
    const socket = await udpTo(udpPort);
    socket.send(torture(name));
    await stillAnswers(socket, 'UDP');
    // Most answers go to the port that Via names, where nobody is.
    const allowed = [...(ANSWERS[name] ?? []), 200, 400, 505];
    expect(statuses(socket.received).filter((status) => !allowed.includes(status))).toEqual([]);
    socket.close();
  });

  it.each(NAMES)('%s over TCP it is answered as it should be, and the next question, too', async (name) => {
    const socket = await tcpTo(tcpPort);
    socket.send(torture(name));
    const other = await tcpTo(tcpPort);
    await stillAnswers(other, 'TCP');
    const expected = ANSWERS[name] ?? [];
    await expect.poll(() => statuses(socket.received)).toEqual(expected);
    for (const one of [socket, other]) one.close();
  });

  it('nothing had to be caught', () => {
    expect(failures).toEqual([]);
  });
});
