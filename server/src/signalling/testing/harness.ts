/** A real WebSocket server over an honest room: it remembers who joined and what they did, and can speak to them. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ParleyError,
  type JoinedRoom,
  type LeaveReason,
  type MethodParams,
  type TokenClaims,
} from '@parley/protocol';
import { loadConfig } from '../../config/loadConfig.ts';
import { createLogger } from '../../observability/logger.ts';
import { Metrics } from '../../observability/Metrics.ts';
import { TokenService } from '../../auth/TokenService.ts';
import { permissionsOf } from '../../auth/permissions.ts';
import { defaultSettings } from '../../room/defaultSettings.ts';
import type { Room } from '../../room/Room.ts';
import type { Rooms } from '../../room/Rooms.ts';
import { Participant, type ParticipantHost } from '../../room/Participant.ts';
import type { Outlet } from '../../room/ports.ts';
import { sessionEndOf } from '../../room/sessionEnds.ts';
import { SignallingServer, type SignallingOptions } from '../SignallingServer.ts';

export const KEYS = { apiKey: 'test-key', apiSecret: 'test-secret-that-is-long-enough-0123456789' };

/** A participant who takes as many turns of the event loop over `updateSelf` as the metadata ends with. */
class SlowParticipant extends Participant {
  override async updateSelf(params: MethodParams<'participant.updateSelf'>): Promise<void> {
    const turns = Number(/~(\d+)$/.exec(params.metadata ?? '')?.[1] ?? 0);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await super.updateSelf(params);
  }
}

/** Everybody is in one room without media. */
export class PlainRoom implements ParticipantHost {
  readonly outlets = new Map<string, Outlet>();
  readonly participants: Participant[] = [];
  readonly left: { identity: string; reason: LeaveReason }[] = [];
  /** Each change of a connection. */
  readonly connections: { identity: string; connection: string }[] = [];
  /** The metadata of each `updateSelf` that was carried out. */
  readonly updates: string[] = [];
  /** Joining takes as long as this. */
  gate: Promise<void> = Promise.resolve();
  /** Leaving fails. */
  broken = false;
  readonly #lastConnection = new Map<Participant, string>();

  join: Rooms['join'] = async (grants, { outlet, displayName }) => {
    if (grants.room === 'nowhere') throw new ParleyError('ROOM_NOT_FOUND');
    if (grants.room === 'full') throw new ParleyError('ROOM_FULL');
    if (grants.room === 'broken') throw new TypeError('a secret stands here');
    await this.gate;
    const participant = new SlowParticipant(grants, this, {
      outlet,
      displayName: displayName ?? grants.displayName,
      rights: {
        role: grants.role,
        isSuccessor: false,
        permissions: permissionsOf(grants.grant, grants.role),
        mustAskToUnmute: false,
        recordingConsent: undefined,
      },
      breakoutId: null,
      raisedHandAt: null,
    });
    this.participants.push(participant);
    this.outlets.set(grants.identity, outlet);
    const answer: JoinedRoom = {
      state: 'joined',
      room: {
        roomId: 'RM_1',
        name: grants.room,
        settings: defaultSettings(loadConfig({}).rooms),
        hasPassword: false,
        createdAt: 0,
        numParticipants: 1,
        meetingStartedAt: 0,
      },
      self: participant.info,
      permissions: participant.permissions,
      breakoutId: null,
      participants: [],
      egress: { recordings: [], live: null },
      roomState: {
        ...{ spotlight: [], polls: [], calls: null, hostPresent: true },
        ...{ timer: null, endsAt: null, breakouts: null },
      },
      iceServers: [],
      rtpCapabilities: {},
      mediaGeneration: 1,
    };
    return {
      state: 'joined',
      participant,
      answer,
      get room(): Room {
        throw new Error('nothing but the wire is tried here');
      },
    };
  };

  changed(participant: Participant): void {
    const { identity, connection, metadata } = participant.info;
    if (connection === (this.#lastConnection.get(participant) ?? 'connected')) this.updates.push(metadata);
    else this.connections.push({ identity, connection });
    this.#lastConnection.set(participant, connection);
  }
  publicationAdded(): void {}
  publicationUpdated(): void {}
  publicationRemoved(): void {}

  leave(participant: Participant, reason: LeaveReason): Promise<void> {
    if (this.broken) return Promise.reject(new TypeError('leaving is broken'));
    if (this.participants.includes(participant)) {
      this.participants.splice(this.participants.indexOf(participant), 1);
      this.left.push({ identity: participant.identity, reason });
      participant.close(reason === 'removed' ? sessionEndOf('removed') : undefined);
    }
    return Promise.resolve();
  }
}

export interface Harness {
  url: string;
  http: HttpServer;
  signalling: SignallingServer;
  room: PlainRoom;
  metrics: Metrics;
  token(claims?: Partial<TokenClaims>, ttl?: number): string;
  hello(claims?: Partial<TokenClaims>): MethodParams<'session.hello'>;
  /** How many sockets the server counts. */
  sockets(): Promise<number>;
  close(): Promise<void>;
}

export async function startSignalling(
  env: Record<string, string> = {},
  options: Partial<SignallingOptions> = {},
): Promise<Harness> {
  const config = loadConfig({ PARLEY_DATA_DIR: '/nonexistent', ...env });
  const tokens = await TokenService.create(KEYS, config.auth);
  const room = new PlainRoom();
  const metrics = new Metrics();
  const signalling = new SignallingServer({
    rooms: room,
    tokens,
    config: config.signalling,
    origins: { allowedOrigins: config.http.allowedOrigins, publicUrl: config.http.publicUrl },
    trustProxy: false,
    serverVersion: '0.0.0',
    logger: createLogger('silent'),
    metrics,
    ...options,
  });
  const http = createServer();
  signalling.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const token = (claims: Partial<TokenClaims> = {}, ttl = 60): string =>
    tokens.sign(
      {
        sub: 'ann',
        role: 'host',
        video: { room: 'demo', roomJoin: true, canUpdateOwnMetadata: true },
        ...claims,
      },
      ttl,
    );
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`,
    http,
    signalling,
    room,
    metrics,
    token,
    hello: (claims) => ({ protocolVersion: '1.0', token: token(claims), client: { sdk: 'test' } }),
    sockets: async () => (await metrics.sockets.get()).values[0]?.value ?? 0,
    close: async () => {
      await signalling.close(sessionEndOf('serverShutdown'));
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
