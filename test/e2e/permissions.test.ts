import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACTING_ROLES,
  PERMISSION_TABLE,
  SESSION_STATES,
  isAllowed,
  type ActingRole,
  type SessionMethod,
  type SessionStateName,
} from '@parley/protocol';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

const METHODS = Object.keys(PERMISSION_TABLE) as SessionMethod[];
let server: ParleyServer;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  server = await ParleyServer.start({ env: { PARLEY_ROOMS_SUCCESSOR_DELAY: '0' } });
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await server.stop();
});

async function open(room: string, identity: string, role: string): Promise<RawSocket> {
  const socket = await RawSocket.open(server.url);
  sockets.push(socket);
  await socket.hello(joinToken(room, identity, { claims: { role: role as 'host' } }));
  return socket;
}

/** A session of this role in this state. A room of its own, so that nobody changes what another is. */
async function sessionIn(state: SessionStateName, role: ActingRole): Promise<RawSocket> {
  const room = `permissions-${state}-${role}`;
  // A successor is whom the room makes one, as no host is there.
  const claimed = role === 'successor' ? 'participant' : role;
  // Where a host is, nobody becomes the successor.
  if (role !== 'successor') await (await open(room, 'host-before', 'owner')).request('room.join');
  const socket = await open(room, 'tested', claimed);
  if (state === 'open') return socket;
  await socket.request('room.join');
  if (state === 'knocking') {
    const host = await open(room, 'host', 'owner');
    const { result } = await host.request('room.join');
    const people = result?.['participants'] as { participantId: string; identity: string }[];
    const participantId = people.find(({ identity }) => identity === 'tested')?.participantId;
    await host.request('participant.sendToLobby', { participantId });
    await waitFor('the lobby', () => socket.frames.some(({ method }) => method === 'knock.sentBack'), {
      done: Boolean,
    });
  }
  if (role === 'successor' && state === 'joined')
    await waitFor(
      'being the successor',
      () => socket.frames.some(({ method }) => method === 'lobby.updated'),
      {
        done: Boolean,
      },
    );
  return socket;
}

function expected(method: SessionMethod, state: SessionStateName, role: ActingRole): string {
  // Who may ask is told what is wrong with the question; nothing is carried out.
  if (isAllowed(method, state, role)) return 'INVALID_PARAMS';
  return Object.hasOwn(PERMISSION_TABLE[method], state) ? 'PERMISSION_DENIED' : 'WRONG_STATE';
}

describe.each(SESSION_STATES)('in the state %s', (state) => {
  it.each(ACTING_ROLES)('a %s may ask for what the table says, and nothing else', async (role) => {
    const socket = await sessionIn(state, role);
    // In the lobby, as before it, one has the role of one's token.
    const acting = role === 'successor' && state !== 'joined' ? 'participant' : role;
    for (const method of METHODS) {
      const { error } = await socket.request(method, { nonsense: 1 });
      expect([method, error?.data.code]).toEqual([method, expected(method, state, acting)]);
    }
  });
});

describe('somebody in the lobby', () => {
  it('learns nothing of the room, whatever they ask', async () => {
    const host = await open('secrets', 'canary-host', 'owner');
    await host.request('room.join');
    await host.request('room.update', { settings: { lobby: 'notHosts', metadata: 'canary-metadata' } });
    await host.request('chat.send', { text: 'canary-text' });
    await host.request('poll.create', { question: 'canary-question', options: ['a', 'b'] });
    await host.request('breakout.create', { names: ['canary-breakout'] });
    const knocker = await open('secrets', 'knocker', 'participant');
    await knocker.request('room.join');
    for (const method of METHODS) {
      if (method === 'room.leave') continue;
      await knocker.request(method, { nonsense: 1 });
      await knocker.request(method);
    }
    await host.request('chat.send', { text: 'canary-later' });
    await knocker.request('session.ping', { lastSeq: 0 });
    expect(knocker.frames.map(({ method }) => method).filter(Boolean)).toEqual([]);
    expect(JSON.stringify(knocker.frames)).not.toMatch(/canary|"P[AU]_|candidate|fingerprint/i);
  });
});
