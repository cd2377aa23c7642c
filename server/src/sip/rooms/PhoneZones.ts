import { ParleyError } from '@parley/protocol';
import type { PhoneCommand } from '@parley/protocol/phoneProcess';
import type { Listener, ListenerOptions } from '../../media/Listener.ts';
import type { Logger } from '../../observability/logger.ts';
import { SerialQueue } from '../../util/SerialQueue.ts';

/** How long the process may take to open a zone, ms. */
const OPEN_MS = 10_000;

export interface ZoneRoom {
  readonly roomId: string;
  createListener(options: ListenerOptions): Promise<Listener>;
}

/** Somebody who hears a zone by phone. */
export interface ZoneUser {
  /** Whoever mixed the zone has died: it is to be entered anew. */
  zoneLost(): void;
}

/** Where a zone is mixed: it is heard there, and phones send from there. */
export interface ZoneWay {
  zoneId: string;
  address: { ip: string; port: number };
  audioLevelExtensionId: number;
}

interface Options {
  send(command: PhoneCommand): void;
  logger: Logger;
}

interface Address {
  ip: string;
  port: number;
}

/** A zone with phones in it: what sounds there goes to the process of phones once, however many phones hear it. */
class PhoneZone {
  readonly zoneId: string;
  readonly users = new Set<ZoneUser>();
  readonly #room: ZoneRoom;
  readonly #options: Options;
  readonly #place: string;
  readonly #queue = new SerialQueue();
  #listener: Listener | undefined;
  #address: Address | undefined;
  #opened: ((address: Address | undefined) => void) | undefined;
  #closed = false;

  constructor(room: ZoneRoom, place: string, options: Options) {
    this.zoneId = zoneIdOf(room, place);
    this.#room = room;
    this.#place = place;
    this.#options = options;
  }

  /** Opens it where it is not open, or no longer. Throws MEDIA_UNAVAILABLE. */
  ready(): Promise<ZoneWay> {
    return this.#queue.run(async () => {
      const listener = this.#listener?.isOpen ? this.#listener : await this.#listen();
      try {
        return await this.#connect(listener);
      } catch (error) {
        listener.close();
        throw error;
      }
    });
  }

  handleOpened(address: Address): void {
    this.#opened?.(address);
  }

  handleLost(): void {
    this.#forget();
    for (const user of this.users) user.zoneLost();
  }

  close(): void {
    this.#closed = true;
    this.#forget();
    this.#options.send({ type: 'closeZone', zoneId: this.zoneId });
  }

  #forget(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.#address = undefined;
    this.#opened?.(undefined);
  }

  async #connect(listener: Listener): Promise<ZoneWay> {
    const { zoneId } = this;
    const { audioLevelExtensionId } = listener;
    const address = (this.#address ??= await this.#open(audioLevelExtensionId));
    if (this.#listener !== listener) {
      this.#listener = listener;
      await listener.connect(address);
    }
    return { zoneId, address, audioLevelExtensionId };
  }

  async #listen(): Promise<Listener> {
    const { zoneId } = this;
    this.#listener?.close();
    this.#listener = undefined;
    const listener = await this.#room.createListener({
      zoneId: this.#place,
      changed: (sounds) => this.#options.send({ type: 'setTalkers', zoneId, talkers: [...sounds] }),
    });
    if (!this.#closed) return listener;
    listener.close();
    throw new ParleyError('WRONG_STATE');
  }

  async #open(audioLevelExtensionId: number): Promise<Address> {
    const { zoneId } = this;
    const address = await new Promise<Address | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), OPEN_MS);
      this.#opened = (opened) => {
        clearTimeout(timer);
        resolve(opened);
      };
      this.#options.send({ type: 'openZone', zoneId, audioLevelExtensionId });
    });
    this.#opened = undefined;
    if (address) return address;
    throw new ParleyError('MEDIA_UNAVAILABLE', {
      message: 'The sound of phones is not mixed at the moment.',
    });
  }
}

/** All zones that have phones in them. One is opened for the first phone, and closed when the last has gone. */
export class PhoneZones {
  readonly #options: Options;
  readonly #zones = new Map<string, PhoneZone>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** They hear this zone, too, from now on. Throws MEDIA_UNAVAILABLE. */
  enter(user: ZoneUser, room: ZoneRoom, place: string): Promise<ZoneWay> {
    const zoneId = zoneIdOf(room, place);
    const zone = this.#zones.get(zoneId) ?? new PhoneZone(room, place, this.#options);
    this.#zones.set(zoneId, zone);
    zone.users.add(user);
    return zone.ready();
  }

  /** They hear nothing any more but the zone that is named. */
  leave(user: ZoneUser, except?: string): void {
    for (const [zoneId, zone] of this.#zones) {
      if (zoneId === except || !zone.users.delete(user) || zone.users.size > 0) continue;
      this.#zones.delete(zoneId);
      zone.close();
    }
  }

  handleOpened({ zoneId, ip, port }: { zoneId: string } & Address): void {
    this.#zones.get(zoneId)?.handleOpened({ ip, port });
  }

  handleLost(zoneId: string): void {
    this.#zones.get(zoneId)?.handleLost();
  }
}

const zoneIdOf = ({ roomId }: ZoneRoom, place: string): string => `${roomId}/${place}`;
