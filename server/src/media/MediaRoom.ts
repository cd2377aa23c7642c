import type { types } from 'mediasoup';
import { ParleyError, type RtpCapabilities } from '@parley/protocol';
import { TypedEmitter } from '../util/TypedEmitter.ts';
import { ROUTER_CODECS } from './codecs.ts';
import { DataHub } from './DataHub.ts';
import { Endpoint, type EndpointHost, type EndpointOptions } from './Endpoint.ts';
import type { MediaContext } from './mediaContext.ts';
import type { Publication } from './Publication.ts';
import { SpeakerTracker, type Speakers } from './SpeakerTracker.ts';
import { fromRtpCapabilities } from './wireMedia.ts';

export interface MediaRoomEvents {
  /** The worker died, and everything in the room with it. Comes once, and nothing after it. */
  died: [];
  speakers: [Speakers];
}

/** Quieter than this is not speech, dBov. */
const SPEECH_THRESHOLD = -60;
const MAX_SPEAKERS = 8;
const LEVEL_INTERVAL_MS = 400;
const DOMINANT_INTERVAL_MS = 300;
const SPEAKERS_INTERVAL_MS = 500;

interface Parts {
  router: types.Router;
  dataHub: DataHub;
  levelObserver: types.AudioLevelObserver;
  speakerObserver: types.ActiveSpeakerObserver;
}

/** The media of one room: its router, who hears whom, and what goes between their data channels. */
export class MediaRoom extends TypedEmitter<MediaRoomEvents> implements EndpointHost {
  readonly rtpCapabilities: RtpCapabilities;
  readonly context: MediaContext;
  readonly #parts: Parts;
  readonly #speakers: SpeakerTracker;
  readonly #endpoints = new Set<Endpoint>();
  readonly #onClosed: (room: MediaRoom) => void;
  #state: 'open' | 'closed' | 'dead' = 'open';

  /** Throws what mediasoup throws. `onClosed` is called once when the room is closed or dead. */
  static async create(
    worker: types.Worker,
    context: MediaContext,
    onClosed: (room: MediaRoom) => void,
  ): Promise<MediaRoom> {
    const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
    try {
      const [dataHub, levelObserver, speakerObserver] = await Promise.all([
        DataHub.create(router, context.logger, context.metrics),
        router.createAudioLevelObserver({
          maxEntries: MAX_SPEAKERS,
          threshold: SPEECH_THRESHOLD,
          interval: LEVEL_INTERVAL_MS,
        }),
        router.createActiveSpeakerObserver({ interval: DOMINANT_INTERVAL_MS }),
      ]);
      return new MediaRoom({ router, dataHub, levelObserver, speakerObserver }, context, onClosed);
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
    this.#speakers = new SpeakerTracker((speakers) => this.emit('speakers', speakers), SPEAKERS_INTERVAL_MS);
    this.#watchSpeakers();
  }

  get router(): types.Router {
    return this.#parts.router;
  }

  get dataHub(): DataHub {
    return this.#parts.dataHub;
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
    for (const other of this.#endpoints)
      for (const publication of other.publications) endpoint.offer(publication);
    this.#endpoints.add(endpoint);
    return endpoint;
  }

  publicationAdded(publication: Publication): void {
    for (const endpoint of this.#endpoints) endpoint.offer(publication);
    if (publication.source === 'microphone') void this.#observe(publication.producer);
  }

  publicationRemoved(publication: Publication, ended: boolean): void {
    for (const endpoint of this.#endpoints) endpoint.withdraw(publication, ended);
    if (publication.source === 'microphone') this.#speakers.remove(publication.participantId);
  }

  endpointClosed(endpoint: Endpoint): void {
    this.#endpoints.delete(endpoint);
    for (const other of this.#endpoints) other.forgetParticipant(endpoint.participantId);
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
    this.#parts.dataHub.close();
    this.#speakers.close();
    for (const endpoint of this.#endpoints) endpoint.close();
    this.#onClosed(this);
  }

  #watchSpeakers(): void {
    const { levelObserver, speakerObserver } = this.#parts;
    levelObserver.on('volumes', (volumes) => {
      this.#speakers.setLevels(
        volumes.flatMap(({ producer, volume }) => {
          const participantId = this.#findSpeaker(producer.id);
          return participantId === undefined ? [] : [{ participantId, level: volume }];
        }),
      );
    });
    levelObserver.on('silence', () => this.#speakers.setLevels([]));
    speakerObserver.on('dominantspeaker', ({ producer }) => {
      const participantId = this.#findSpeaker(producer.id);
      if (participantId !== undefined) this.#speakers.setDominant(participantId);
    });
  }

  /** Observers forget a producer by themselves when it is closed. */
  async #observe(producer: types.Producer): Promise<void> {
    const { levelObserver, speakerObserver } = this.#parts;
    try {
      await Promise.all([
        levelObserver.addProducer({ producerId: producer.id }),
        speakerObserver.addProducer({ producerId: producer.id }),
      ]);
    } catch (error) {
      if (!producer.closed && this.#state === 'open')
        this.context.logger.warn({ err: error }, 'microphone is not observed');
    }
  }

  #findSpeaker(producerId: string): string | undefined {
    for (const endpoint of this.#endpoints)
      for (const publication of endpoint.publications)
        if (publication.producer.id === producerId) return endpoint.participantId;
    return undefined;
  }
}
