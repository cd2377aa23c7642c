import type { types } from 'mediasoup';
import type { Logger } from '../observability/logger.ts';
import { SpeakerTracker, type Speakers } from './SpeakerTracker.ts';

/** Quieter than this is not speech, dBov. */
const SPEECH_THRESHOLD = -60;
const MAX_SPEAKERS = 8;
const LEVEL_INTERVAL_MS = 400;
const DOMINANT_INTERVAL_MS = 300;
const SPEAKERS_INTERVAL_MS = 500;

interface Observers {
  level: types.AudioLevelObserver;
  dominant: types.ActiveSpeakerObserver;
}

/**
 * A part of a media room whose people hear and see one another and nobody else: the main room or a breakout room. Zones
 * share the router, so that going from one to another touches no transport.
 */
export class Zone {
  readonly zoneId: string;
  readonly #logger: Logger;
  readonly #speakers: SpeakerTracker;
  readonly #observers: Promise<Observers>;
  /** Participants by the id of the producer of their microphone. */
  readonly #microphones = new Map<string, string>();
  #closed = false;

  constructor(
    zoneId: string,
    { router, logger, tell }: { router: types.Router; logger: Logger; tell(speakers: Speakers): void },
  ) {
    this.zoneId = zoneId;
    this.#logger = logger;
    this.#speakers = new SpeakerTracker(tell, SPEAKERS_INTERVAL_MS);
    this.#observers = this.#createObservers(router);
    this.#observers.catch((error: unknown) => {
      if (!router.closed) logger.warn({ err: error }, 'speakers are not observed');
    });
  }

  /** Resolves when speakers are observed; rejects when that cannot be. */
  get ready(): Promise<unknown> {
    return this.#observers;
  }

  async observe(producer: types.Producer, participantId: string): Promise<void> {
    this.#microphones.set(producer.id, participantId);
    try {
      const observers = await this.#observers;
      // It may have gone to another zone meanwhile.
      if (!this.#microphones.has(producer.id) || producer.closed || this.#closed) return;
      const options = { producerId: producer.id };
      await Promise.all([observers.level.addProducer(options), observers.dominant.addProducer(options)]);
    } catch (error) {
      if (!producer.closed && !this.#closed) this.#logger.warn({ err: error }, 'microphone is not observed');
    }
  }

  /** Observers forget a producer that is closed by themselves. */
  forget(producer: types.Producer, participantId: string): void {
    if (!this.#microphones.delete(producer.id)) return;
    this.#speakers.remove(participantId);
    if (!producer.closed) void this.#release(producer);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#speakers.close();
    this.#microphones.clear();
    this.#observers.then(
      ({ level, dominant }) => {
        level.close();
        dominant.close();
      },
      () => undefined,
    );
  }

  async #release(producer: types.Producer): Promise<void> {
    try {
      const { level, dominant } = await this.#observers;
      const options = { producerId: producer.id };
      await Promise.all([level.removeProducer(options), dominant.removeProducer(options)]);
    } catch (error) {
      // It was not added yet, or is closed.
      this.#logger.debug({ err: error }, 'microphone was not observed');
    }
  }

  async #createObservers(router: types.Router): Promise<Observers> {
    const [level, dominant] = await Promise.all([
      router.createAudioLevelObserver({
        maxEntries: MAX_SPEAKERS,
        threshold: SPEECH_THRESHOLD,
        interval: LEVEL_INTERVAL_MS,
      }),
      router.createActiveSpeakerObserver({ interval: DOMINANT_INTERVAL_MS }),
    ]);
    level.on('volumes', (volumes) => {
      this.#speakers.setLevels(
        volumes.flatMap(({ producer, volume }) => {
          const participantId = this.#microphones.get(producer.id);
          return participantId === undefined ? [] : [{ participantId, level: volume }];
        }),
      );
    });
    level.on('silence', () => this.#speakers.setLevels([]));
    dominant.on('dominantspeaker', ({ producer }) => {
      const participantId = this.#microphones.get(producer.id);
      if (participantId !== undefined) this.#speakers.setDominant(participantId);
    });
    return { level, dominant };
  }
}
