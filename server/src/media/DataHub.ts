import type { types } from 'mediasoup';
import { ParleyError, type DataChannelLabel } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { routeDataFrame } from './dataRouting.ts';
import { TokenBucket } from './TokenBucket.ts';

/** What one participant may send on all channels together. */
const MESSAGES_PER_SECOND = 200;
const BYTES_PER_SECOND = 1_048_576;
const MAX_SUBCHANNEL = 65_535;
/**
 * Unordered, and given up when it could not be sent in time, ms.
 * NOTE: the worker (3.27.1) takes an absent maxRetransmits or maxPacketLifeTime of an unordered channel for 0. So this never
 * sends anything twice; and maxRetransmits: 0 alone would drop all that cannot leave in the very instant.
 */
const LOSSY = { ordered: false, maxPacketLifeTime: 500 };

interface Sender {
  readonly participantId: string;
  readonly subchannel: number;
  /** They reach those who are in the same zone. */
  zoneId: string;
  readonly messages: TokenBucket;
  readonly bytes: TokenBucket;
}

/**
 * The room's exchange of application messages. Every participant sends to the hub and receives from the hub, on two
 * channels, so that N participants need N data consumers for each channel, not N squared, and so that each message is
 * checked and stamped with its sender on the way. Who gets a message is said by mediasoup's subchannels.
 */
export class DataHub {
  readonly #transport: types.DirectTransport;
  readonly #outlets: Readonly<Record<DataChannelLabel, types.DataProducer>>;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #senders = new Map<string, Sender>();
  readonly #subchannels = new Map<string, number>();
  #nextSubchannel = 0;

  static async create(router: types.Router, logger: Logger, metrics: Metrics): Promise<DataHub> {
    const transport = await router.createDirectTransport();
    const [reliable, lossy] = await Promise.all([
      transport.produceData({ label: 'reliable' }),
      transport.produceData({ label: 'lossy' }),
    ]);
    return new DataHub(transport, { reliable, lossy }, { logger, metrics });
  }

  private constructor(
    transport: types.DirectTransport,
    outlets: Record<DataChannelLabel, types.DataProducer>,
    tools: { logger: Logger; metrics: Metrics },
  ) {
    this.#transport = transport;
    this.#outlets = outlets;
    this.#logger = tools.logger;
    this.#metrics = tools.metrics;
  }

  /** Gives a participant a number under which they can be reached. */
  addParticipant(participantId: string, zoneId: string): void {
    const now = performance.now();
    const subchannel = this.#freeSubchannel();
    this.#subchannels.set(participantId, subchannel);
    this.#senders.set(participantId, {
      participantId,
      subchannel,
      zoneId,
      messages: new TokenBucket({ rate: MESSAGES_PER_SECOND, burst: MESSAGES_PER_SECOND, now }),
      bytes: new TokenBucket({ rate: BYTES_PER_SECOND, burst: BYTES_PER_SECOND, now }),
    });
  }

  moveParticipant(participantId: string, zoneId: string): void {
    const sender = this.#senders.get(participantId);
    if (sender) sender.zoneId = zoneId;
  }

  removeParticipant(participantId: string): void {
    this.#senders.delete(participantId);
    this.#subchannels.delete(participantId);
  }

  /** Takes what a participant sends on one of their data channels. */
  async listen(participantId: string, label: DataChannelLabel, dataProducerId: string): Promise<void> {
    const consumer = await this.#transport.consumeData({ dataProducerId });
    consumer.on('message', (message) => this.handleMessage(participantId, label, message));
  }

  /** Opens a channel of a receive transport on which a participant gets what is meant for them. */
  async openChannel(
    participantId: string,
    label: DataChannelLabel,
    transport: Pick<types.Transport, 'consumeData'>,
  ): Promise<types.DataConsumer> {
    const consumer = await transport.consumeData({
      dataProducerId: this.#outlets[label].id,
      subchannels: [this.#getSender(participantId).subchannel],
      ...(label === 'reliable' ? { ordered: true } : LOSSY),
    });
    consumer.on('sctpsendbufferfull', () => this.#drop('receiverTooSlow', { participantId, label }));
    return consumer;
  }

  /** Checks one message and passes it on. Never throws: what a client sends wrongly harms only its own message. */
  handleMessage(participantId: string, label: DataChannelLabel, message: Uint8Array): void {
    const sender = this.#senders.get(participantId);
    if (!sender || this.#outlets[label].closed) return;
    const now = performance.now();
    if (!sender.messages.take(1, now) || !sender.bytes.take(message.byteLength, now))
      return this.#drop('rate', { participantId, label });
    try {
      this.#forward(sender, label, message);
    } catch (error) {
      this.#drop('malformed', { participantId, label, err: error });
    }
  }

  close(): void {
    this.#senders.clear();
    this.#transport.close();
  }

  #forward(sender: Sender, label: DataChannelLabel, message: Uint8Array): void {
    const { frame, to } = routeDataFrame(message, sender, this.#reachable(sender));
    // NOTE: to mediasoup an empty list of subchannels means everybody.
    if (to.length > 0) this.#outlets[label].send(Buffer.from(frame.buffer), undefined, to);
  }

  /** Subchannels of those who are in the zone of a sender. */
  #reachable({ zoneId }: Sender): Map<string, number> {
    const reachable = new Map<string, number>();
    for (const { participantId, subchannel, zoneId: other } of this.#senders.values())
      if (other === zoneId) reachable.set(participantId, subchannel);
    return reachable;
  }

  #getSender(participantId: string): Sender {
    const sender = this.#senders.get(participantId);
    if (!sender) throw new ParleyError('MEDIA_UNAVAILABLE');
    return sender;
  }

  #freeSubchannel(): number {
    const taken = new Set(this.#subchannels.values());
    if (taken.size > MAX_SUBCHANNEL)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'participants', max: MAX_SUBCHANNEL } });
    do this.#nextSubchannel = (this.#nextSubchannel + 1) % (MAX_SUBCHANNEL + 1);
    while (taken.has(this.#nextSubchannel));
    return this.#nextSubchannel;
  }

  #drop(reason: 'rate' | 'malformed' | 'receiverTooSlow', context: object): void {
    this.#metrics.dataDropped.inc({ reason });
    this.#logger.debug({ ...context, reason }, 'application message dropped');
  }
}
