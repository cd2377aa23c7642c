import type { types } from 'mediasoup';
import type { DataChannelLabel, MethodParams, MethodResult } from '@parley/protocol';
import type { DataHub } from './DataHub.ts';
import type { EndpointTransports } from './EndpointTransports.ts';
import { mediaRejected } from './mediaErrors.ts';

/** The data channels of an endpoint; at most one of each label in each direction. They go with their transports. */
export class EndpointChannels {
  readonly #participantId: string;
  readonly #transports: EndpointTransports;
  readonly #dataHub: DataHub;
  readonly #producers = new Map<DataChannelLabel, types.DataProducer>();
  readonly #consumers = new Map<DataChannelLabel, types.DataConsumer>();

  constructor(participantId: string, transports: EndpointTransports, dataHub: DataHub) {
    this.#participantId = participantId;
    this.#transports = transports;
    this.#dataHub = dataHub;
  }

  /** A former channel of the label is closed. Throws TRANSPORT_NOT_FOUND, MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async produce(params: MethodParams<'media.produceData'>): Promise<MethodResult<'media.produceData'>> {
    const { transportId, label, sctpStreamParameters } = params;
    const { streamId } = sctpStreamParameters;
    if (streamId === undefined) throw mediaRejected('The SCTP stream has no streamId.');
    const transport = this.#transports.get(transportId, 'send');
    this.#producers.get(label)?.close();
    const producer = await this.#transports.ask(
      () => transport.produceData({ label, sctpStreamParameters: { ...sctpStreamParameters, streamId } }),
      transport,
    );
    this.#producers.get(label)?.close();
    this.#producers.set(label, producer);
    await this.#transports.ask(
      () => this.#dataHub.listen(this.#participantId, label, producer.id),
      transport,
    );
    return { dataProducerId: producer.id };
  }

  /** A former channel of the label is closed. Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async consume(params: MethodParams<'media.consumeData'>): Promise<MethodResult<'media.consumeData'>> {
    const { transportId, label } = params;
    const transport = this.#transports.get(transportId, 'recv');
    this.#consumers.get(label)?.close();
    const consumer = await this.#transports.ask(
      () => this.#dataHub.openChannel(this.#participantId, label, transport),
      transport,
    );
    this.#consumers.get(label)?.close();
    this.#consumers.set(label, consumer);
    return {
      dataConsumerId: consumer.id,
      dataProducerId: consumer.dataProducerId,
      label,
      protocol: consumer.protocol,
      sctpStreamParameters: consumer.sctpStreamParameters ?? {},
    };
  }

  stopProducing(): void {
    for (const producer of this.#producers.values()) producer.close();
    this.#producers.clear();
  }
}
