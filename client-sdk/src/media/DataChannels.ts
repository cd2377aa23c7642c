import type { DataChannelLabel } from '@parley/protocol';
import { decodeDataFrame, encodeDataFrame, type IncomingDataHeader } from '@parley/protocol/dataFrame';
import { ParleyError } from '@parley/protocol/errors';
import type { DataConsumer, DataProducer, Transport } from 'mediasoup-client/types';
import type { SignalClient } from '../signal/SignalClient.ts';

export interface ReceivedData extends IncomingDataHeader {
  payload: Uint8Array;
}

/** More than this is not handed to the browser at once; whoever sends waits. */
const MAX_BUFFERED_BYTES = 1_048_576;

/** Application messages over SCTP (RFC 8831): one channel each way that is reliable, one that is not. */
export class DataChannels {
  readonly #signal: SignalClient;
  readonly #received: (data: ReceivedData) => void;
  readonly #producers = new Map<DataChannelLabel, Promise<DataProducer>>();
  readonly #getSender: () => Promise<Transport>;
  #closed = false;

  /** `getSender` gives the transport to send on, once something is to be sent. */
  constructor(
    signal: SignalClient,
    getSender: () => Promise<Transport>,
    received: (data: ReceivedData) => void,
  ) {
    this.#signal = signal;
    this.#getSender = getSender;
    this.#received = received;
  }

  /** Opens the channels on which messages arrive. */
  async open(transport: Transport): Promise<void> {
    await Promise.all((['reliable', 'lossy'] as const).map((label) => this.#consume(transport, label)));
  }

  async send(
    payload: Uint8Array,
    options: { topic: string; to?: string[]; reliable?: boolean },
  ): Promise<void> {
    const { topic, to, reliable = true } = options;
    const frame = encodeDataFrame({ topic, ...(to && { to }) }, payload);
    const producer = await this.#producer(reliable ? 'reliable' : 'lossy');
    if (producer.bufferedAmount > MAX_BUFFERED_BYTES) {
      // What may be lost is better lost than late.
      if (!reliable) return;
      await whenDrained(producer);
    }
    producer.send(frame);
  }

  close(): void {
    this.#closed = true;
    this.#producers.clear();
  }

  async #consume(transport: Transport, label: DataChannelLabel): Promise<void> {
    const { dataConsumerId, ...options } = await this.#signal.request('media.consumeData', {
      transportId: transport.id,
      label,
    });
    if (this.#closed) return;
    const consumer = await transport.consumeData({ id: dataConsumerId, ...options });
    receiveBinary(consumer);
    consumer.on('message', (message: ArrayBuffer) => {
      try {
        const { header, payload } = decodeDataFrame(new Uint8Array(message));
        this.#received({ ...(header as IncomingDataHeader), payload });
      } catch {
        // The server sends no such frame; one that cannot be read is nobody's message.
      }
    });
  }

  #producer(label: DataChannelLabel): Promise<DataProducer> {
    let producer = this.#producers.get(label);
    if (!producer) {
      producer = this.#produce(label);
      this.#producers.set(label, producer);
      producer.catch(() => this.#producers.delete(label));
    }
    return producer;
  }

  async #produce(label: DataChannelLabel): Promise<DataProducer> {
    const sender = await this.#getSender();
    if (this.#closed) throw new ParleyError('MEDIA_UNAVAILABLE');
    const producer = await sender.produceData({
      label,
      ...(label === 'lossy' ? { ordered: false, maxRetransmits: 0 } : { ordered: true }),
    });
    if (producer.readyState === 'open') return producer;
    return new Promise((resolve, reject) => {
      producer.once('open', () => resolve(producer));
      producer.observer.once('close', () => reject(new ParleyError('MEDIA_UNAVAILABLE')));
    });
  }
}

/** Resolves when there is room again; rejects when the channel closes instead. */
function whenDrained(producer: DataProducer): Promise<void> {
  producer.bufferedAmountLowThreshold = MAX_BUFFERED_BYTES / 2;
  return new Promise((resolve, reject) => {
    producer.once('bufferedamountlow', resolve);
    producer.observer.once('close', () => reject(new ParleyError('MEDIA_UNAVAILABLE')));
  });
}

function receiveBinary(consumer: DataConsumer): void {
  consumer.binaryType = 'arraybuffer';
}
