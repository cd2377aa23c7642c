import type { types } from 'mediasoup';
import { ParleyError, type RtpCapabilities } from '@parley/protocol';
import { TypedEmitter } from '../util/TypedEmitter.ts';
import { ROUTER_CODECS } from './codecs.ts';
import { DataHub } from './DataHub.ts';
import { Feed } from './Feed.ts';
import { Endpoint, type EndpointHost } from './Endpoint.ts';
import type { EndpointOptions } from './endpointOptions.ts';
import type { MediaContext } from './mediaContext.ts';
import { Listener, type ListenerOptions } from './Listener.ts';
import type { Publication } from './Publication.ts';
import { Relay } from './Relay.ts';
import type { Speakers } from './SpeakerTracker.ts';
import { fromRtpCapabilities } from './wireMedia.ts';
import { Zone } from './Zone.ts';
import { MAIN_ZONE } from './zones.ts';

export interface MediaRoomEvents {
  /** The worker died, and everything in the room with it. Comes once, and nothing after it. */
  died: [];
  /** Who speaks in a zone. */
  speakers: [Speakers, zoneId: string];
}

interface Parts {
  worker: types.Worker;
  router: types.Router;
  dataHub: DataHub;
}

/**
 * The media of one room: its router, who hears whom, and what goes between their data channels. Everybody is in a zone, and
 * hears and sees those of the same zone.
 */
export class MediaRoom extends TypedEmitter<MediaRoomEvents> implements EndpointHost {
  readonly rtpCapabilities: RtpCapabilities;
  readonly context: MediaContext;
  readonly #parts: Parts;
  readonly #zones = new Map<string, Zone>();
  readonly #endpoints = new Set<Endpoint>();
  readonly #onClosed: (room: MediaRoom) => void;
  #relay: Promise<Relay> | undefined;
  #state: 'open' | 'closed' | 'dead' = 'open';

  /** Throws what mediasoup throws. `onClosed` is called once when the room is closed or dead. */
  static async create(
    worker: types.Worker,
    context: MediaContext,
    onClosed: (room: MediaRoom) => void,
  ): Promise<MediaRoom> {
    const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
    try {
      const dataHub = await DataHub.create(router, context.logger, context.metrics);
      const room = new MediaRoom({ worker, router, dataHub }, context, onClosed);
      await room.#zone(MAIN_ZONE).ready;
      return room;
    } catch (error) {
      router.close();
      throw error;
    }
  }

  private constructor(parts: Parts, context: MediaContext, onClosed: (room: MediaRoom) => void) {
    super();
    this.#parts = parts;
    this.context = context;
    this.#onClosed = onClosed;
    this.rtpCapabilities = fromRtpCapabilities(parts.router.rtpCapabilities);
  }

  get router(): types.Router {
    return this.#parts.router;
  }

  get dataHub(): DataHub {
    return this.#parts.dataHub;
  }

  /** A place for what is made of the room. Throws MEDIA_UNAVAILABLE, and what mediasoup throws. */
  createFeed(): Promise<Feed> {
    if (this.#state !== 'open') throw new ParleyError('MEDIA_UNAVAILABLE');
    return Feed.create(this.router, this.context);
  }

  /** Somebody who hears all of a zone, and is nobody. Throws MEDIA_UNAVAILABLE. */
  createListener(options: ListenerOptions): Listener {
    return new Listener(this, options);
  }

  /** Made when it is first wanted. */
  relay(): Promise<Relay> {
    const { worker, router } = this.#parts;
    this.#relay ??= Relay.create(worker, router).then(
      (relay) => {
        if (this.#state !== 'open') relay.close();
        return relay;
      },
      (error: unknown) => {
        this.#relay = undefined;
        throw error;
      },
    );
    return this.#relay;
  }

  /** What the worker does for this room. */
  get load(): { transports: number; consumers: number } {
    const load = { transports: 0, consumers: 0 };
    for (const endpoint of this.#endpoints) {
      load.transports += endpoint.load.transports;
      load.consumers += endpoint.load.consumers;
    }
    return load;
  }

  /** A participant's place in the room. Throws MEDIA_UNAVAILABLE when the room is closed or its worker died. */
  createEndpoint(options: EndpointOptions): Endpoint {
    if (this.#state !== 'open') throw new ParleyError('MEDIA_UNAVAILABLE');
    const endpoint = new Endpoint(this, options);
    this.#endpoints.add(endpoint);
    for (const other of this.#othersInZone(endpoint)) offerAll(other, endpoint);
    return endpoint;
  }

  publicationAdded(publication: Publication, by: Endpoint): void {
    for (const endpoint of this.#othersInZone(by)) if (endpoint.mayReceive(by)) endpoint.offer(publication);
    this.#observe(publication, by);
  }

  recordableChanged(endpoint: Endpoint): void {
    for (const other of this.#othersInZone(endpoint)) {
      if (!other.isRecorder) continue;
      if (other.mayReceive(endpoint)) offerAll(endpoint, other);
      else for (const publication of endpoint.publications) other.withdraw(publication, true);
    }
  }

  publicationRemoved(publication: Publication, by: Endpoint, ended: boolean): void {
    for (const endpoint of this.#othersInZone(by)) endpoint.withdraw(publication, ended);
    this.#forget(publication, by);
  }

  /** From now on an endpoint hears and sees those of another zone, and they it. Its transports and producers stay. */
  moveEndpoint(endpoint: Endpoint, zoneId: string): void {
    if (this.#state !== 'open' || endpoint.zoneId === zoneId) return;
    for (const other of this.#othersInZone(endpoint)) other.part(endpoint);
    for (const publication of endpoint.publications) this.#forget(publication, endpoint);
    const left = endpoint.zoneId;
    endpoint.enterZone(zoneId);
    this.#closeIfEmpty(left);
    for (const other of this.#othersInZone(endpoint)) {
      offerAll(other, endpoint);
      offerAll(endpoint, other);
    }
    for (const publication of endpoint.publications) this.#observe(publication, endpoint);
  }

  endpointClosed(endpoint: Endpoint): void {
    this.#endpoints.delete(endpoint);
    for (const other of this.#endpoints) other.forgetParticipant(endpoint.participantId);
    this.#closeIfEmpty(endpoint.zoneId);
  }

  /** Closes all endpoints and frees everything. Says nothing. */
  close(): void {
    if (this.#state === 'open') this.#end('closed');
  }

  /** Called by the worker's owner, once a replacement is under way. */
  handleWorkerDeath(): void {
    if (this.#state !== 'open') return;
    this.#end('dead');
    this.emit('died');
  }

  #end(state: 'closed' | 'dead'): void {
    this.#state = state;
    // The router first: all that is in it is closed with it, and nobody is told of each piece.
    this.#parts.router.close();
    this.#relay?.then(
      (relay) => relay.close(),
      () => undefined,
    );
    this.#parts.dataHub.close();
    for (const zone of this.#zones.values()) zone.close();
    for (const endpoint of this.#endpoints) endpoint.close();
    this.#onClosed(this);
  }

  *#othersInZone(endpoint: Endpoint): Iterable<Endpoint> {
    for (const other of this.#endpoints)
      if (other !== endpoint && other.zoneId === endpoint.zoneId) yield other;
  }

  #zone(zoneId: string): Zone {
    const existing = this.#zones.get(zoneId);
    if (existing) return existing;
    const zone = new Zone(zoneId, {
      router: this.router,
      logger: this.context.logger,
      tell: (speakers) => this.emit('speakers', speakers, zoneId),
    });
    this.#zones.set(zoneId, zone);
    return zone;
  }

  /** The main zone stays, so that whoever comes first is observed at once. */
  #closeIfEmpty(zoneId: string): void {
    if (zoneId === MAIN_ZONE || [...this.#endpoints].some((endpoint) => endpoint.zoneId === zoneId)) return;
    this.#zones.get(zoneId)?.close();
    this.#zones.delete(zoneId);
  }

  #observe({ source, producer }: Publication, { participantId, zoneId }: Endpoint): void {
    if (source === 'microphone') void this.#zone(zoneId).observe(producer, participantId);
  }

  #forget({ source, producer }: Publication, { participantId, zoneId }: Endpoint): void {
    if (source === 'microphone') this.#zones.get(zoneId)?.forget(producer, participantId);
  }
}

function offerAll(from: Endpoint, to: Endpoint): void {
  if (!to.mayReceive(from)) return;
  for (const publication of from.publications) to.offer(publication);
}
