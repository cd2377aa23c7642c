/** What signalling asks of the rest, no more. */
import type { TokenService } from '../auth/TokenService.ts';
import type { Rooms } from '../room/Rooms.ts';

export type RoomJoiner = Pick<Rooms, 'join'>;
export type TokenVerifier = Pick<TokenService, 'verify' | 'assertSignedIn'>;
