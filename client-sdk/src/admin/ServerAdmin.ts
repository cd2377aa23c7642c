import type { RoomInfo, RoomSettingsPatch } from '@parley/protocol';
import { PhoneAdmin } from './PhoneAdmin.ts';
import { RestClient, type Access, type Page, type PageRequest } from './RestClient.ts';
import { Schedules } from '../Schedules.ts';
import { Recordings } from './Recordings.ts';
import { RoomAdmin } from './RoomAdmin.ts';

/**
 * The rooms of a server, for those who run it or are signed in as hosts. Each method rejects with ParleyError; TOKEN_MISSING
 * where nobody is signed in, PERMISSION_DENIED for those who may not.
 */
export class ServerAdmin {
  /** Meetings that are planned, in all rooms. */
  readonly schedules: Schedules;
  /** What was recorded, in all rooms. */
  readonly recordings: Recordings;
  /** Trunks, extensions and calls. */
  readonly phones: PhoneAdmin;
  readonly #serverUrl: string;
  readonly #access: Access;
  readonly #rest: RestClient;

  /** `serverUrl` is the web address of the server. */
  constructor(serverUrl: string, access: Access = {}) {
    this.schedules = new Schedules(serverUrl, access);
    this.recordings = new Recordings(serverUrl, access);
    this.phones = new PhoneAdmin(serverUrl, access);
    this.#serverUrl = serverUrl;
    this.#access = access;
    this.#rest = new RestClient(serverUrl, access);
  }

  /** One room, whether it exists or not; nothing is asked yet. */
  room(name: string): RoomAdmin {
    return new RoomAdmin(this.#serverUrl, name, this.#access);
  }

  listRooms(page: PageRequest = {}): Promise<Page<RoomInfo>> {
    return this.#rest.get('/rooms', { ...page });
  }

  /** Gives the room also when it exists with these settings already. ROOM_EXISTS when it has others, LIMIT_REACHED. */
  createRoom(name: string, settings: RoomSettingsPatch = {}): Promise<RoomInfo> {
    return this.#rest.send('POST', '/rooms', { name, settings });
  }

  deleteRoom(name: string): Promise<void> {
    return this.room(name).delete();
  }
}
