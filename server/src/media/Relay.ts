import type { types } from 'mediasoup';
import { SerialQueue } from '../util/SerialQueue.ts';

/** What a receiver takes that names payload types of its own, as whoever offers by SDP does. */
export interface RelayedCapabilities {
  codecs: { name: string; payloadType: number; rtcpFeedback: types.RtcpFeedback[] }[];
  headerExtensions: types.RtpHeaderExtension[];
}

/** A producer as such a receiver gets it. */
export interface Carried {
  producerId: string;
  rtpCapabilities: types.RtpCapabilities;
  /** To be called once, when it is no longer received. */
  release(): void;
}

/** What of a room such a receiver can get. */
export interface Relayed {
  canCarry(producer: types.Producer): boolean;
  /** Throws what mediasoup throws. */
  carry(producer: types.Producer): Promise<Carried>;
}

interface Line {
  producer: Promise<types.Producer>;
  users: number;
}

type Codec = Pick<types.RtpCodecParameters, 'mimeType' | 'parameters'>;

/** A key frame crosses in one burst. */
const BUFFER_BYTES = 1_048_576;

/**
 * Codecs under one name can be decoded alike: every profile of H.264 that is forwarded, as the stream says what it is, but
 * each profile of VP9 for itself.
 */
export function codecNameOf({ mimeType, parameters }: Codec): string {
  const name = mimeType.toLowerCase();
  return name === 'video/vp9' ? `${name};profile-id=${Number(parameters?.['profile-id'] ?? 0)}` : name;
}

/**
 * Payload types are those of the router that a stream came in by, the same for all who receive it. Here is another router,
 * into which a stream is piped once for each payload type that somebody wants it as.
 */
export class Relay {
  readonly router: types.Router;
  readonly #main: types.Router;
  readonly #queue = new SerialQueue();
  readonly #lines = new Map<string, Line>();

  /** Throws what mediasoup throws. */
  static async create(worker: types.Worker, main: types.Router): Promise<Relay> {
    return new Relay(await worker.createRouter(), main);
  }

  private constructor(router: types.Router, main: types.Router) {
    this.router = router;
    this.#main = main;
  }

  for({ codecs, headerExtensions }: RelayedCapabilities): Relayed {
    const wanted = (producer: types.Producer) =>
      codecs.find(({ name }) => name === codecNameOf(codecOf(producer)));
    return {
      canCarry: (producer) => wanted(producer) !== undefined,
      carry: async (producer) => {
        const taken = wanted(producer);
        if (!taken) throw new TypeError('the receiver has no payload type for this codec');
        const { payloadType, rtcpFeedback } = taken;
        const { producerId, release } = await this.#take(producer, payloadType);
        const codec = { ...capabilityOf(producer, payloadType), rtcpFeedback };
        const ofKind = headerExtensions.filter(({ kind }) => kind === producer.kind);
        return { producerId, release, rtpCapabilities: { codecs: [codec], headerExtensions: ofKind } };
      },
    };
  }

  close(): void {
    this.router.close();
  }

  async #take(producer: types.Producer, payloadType: number) {
    const key = `${producer.id} ${payloadType}`;
    const line = this.#lines.get(key) ?? { producer: this.#pipe(producer, payloadType), users: 0 };
    this.#lines.set(key, line);
    line.users += 1;
    const release = (): void => {
      line.users -= 1;
      if (line.users > 0) return;
      if (this.#lines.get(key) === line) this.#lines.delete(key);
      line.producer.then(
        (relayed) => relayed.close(),
        () => undefined,
      );
    };
    try {
      const relayed = await line.producer;
      relayed.observer.once('close', () => {
        if (this.#lines.get(key) === line) this.#lines.delete(key);
      });
      return { producerId: relayed.id, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** One after the other: what the router takes in is set for each. */
  #pipe(producer: types.Producer, payloadType: number): Promise<types.Producer> {
    return this.#queue.run(async () => {
      this.router.updateMediaCodecs([capabilityOf(producer, payloadType)]);
      const { pipeProducer } = await this.#main.pipeToRouter({
        producerId: producer.id,
        router: this.router,
        keepId: false,
        listenInfo: {
          ...{ protocol: 'udp', ip: '127.0.0.1' },
          ...{ sendBufferSize: BUFFER_BYTES, recvBufferSize: BUFFER_BYTES },
        },
        enableSctp: false,
      });
      if (!pipeProducer) throw new TypeError('nothing was piped');
      return pipeProducer;
    });
  }
}

function codecOf({ rtpParameters }: types.Producer): types.RtpCodecParameters {
  const [codec] = rtpParameters.codecs;
  if (!codec) throw new TypeError('a producer has no codec');
  return codec;
}

function capabilityOf(producer: types.Producer, payloadType: number): types.RtpCodecCapability {
  const { mimeType, clockRate, channels, parameters = {} } = codecOf(producer);
  return {
    kind: producer.kind,
    ...{ mimeType, clockRate, parameters, preferredPayloadType: payloadType },
    ...(channels !== undefined && { channels }),
  };
}
