import type { TokenService } from './TokenService.ts';

/** What somebody sees of a recorder in the room. */
export interface RecorderIdentity {
  /** Name of the only room that it may join. */
  room: string;
  /** One for each job: the recorder that takes the place of one that died has the same. */
  identity: string;
  displayName: string;
}

/** Within these seconds a recorder has to say hello, at first and after its session was lost. */
const TTL_S = 24 * 60 * 60;

/**
 * A token with which a recorder of this server joins a room: past lobby, password and lock, taking no place. Only the server
 * itself signs one, and hands it to its own recorders; no route gives one away.
 */
export const signRecorderToken = (
  tokens: Pick<TokenService, 'sign'>,
  { room, identity, displayName }: RecorderIdentity,
): string =>
  tokens.sign(
    { sub: identity, name: displayName, role: 'viewer', video: { room, roomJoin: true, recorder: true } },
    TTL_S,
  );
