import type { types } from 'mediasoup';
import { ParleyError, type MethodParams, type MethodResult } from '@parley/protocol';
import type { MediaContext } from './mediaContext.ts';
import { askMediasoup } from './mediaErrors.ts';
import { toDtlsParameters } from './wireMedia.ts';

export type Direction = 'send' | 'recv';

/** Largest application message on the wire, header included, with room to spare. */
const MAX_SCTP_MESSAGE_BYTES = 65_536;

/** The two WebRTC transports of an endpoint; at most one of each direction. */
export class EndpointTransports {
  readonly #router: types.Router;
  readonly #context: MediaContext;
  readonly #current: Partial<Record<Direction, types.WebRtcTransport>> = {};
  readonly #connecting = new WeakSet<types.WebRtcTransport>();
  #closed = false;

  constructor(router: types.Router, context: MediaContext) {
    this.#router = router;
    this.#context = context;
  }

  /** False when the media room is gone. */
  get usable(): boolean {
    return !this.#closed && !this.#router.closed;
  }

  get count(): number {
    return Object.keys(this.#current).length;
  }

  /** Makes a transport in place of the former one, which is closed. Throws MEDIA_UNAVAILABLE. */
  async create(direction: Direction, options: { forceTcp: boolean }): Promise<types.WebRtcTransport> {
    const { config, metrics, webRtcServer } = this.#context;
    this.closeDirection(direction);
    const transport = await this.ask(() =>
      this.#router.createWebRtcTransport({
        webRtcServer,
        enableUdp: !options.forceTcp,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: config.initialOutgoingBitrate,
        enableSctp: true,
        maxReceiveMessageSize: MAX_SCTP_MESSAGE_BYTES,
        maxSendMessageSize: MAX_SCTP_MESSAGE_BYTES,
      }),
    );
    metrics.transports.inc();
    transport.observer.once('close', () => metrics.transports.dec());
    // Two may have been asked for at once: the later answer stays.
    this.closeDirection(direction);
    this.#current[direction] = transport;
    if (direction === 'send' && config.maxIncomingBitrate > 0) {
      await this.ask(() => transport.setMaxIncomingBitrate(config.maxIncomingBitrate), transport);
    }
    return transport;
  }

  /** What the client needs to know to make its side of a transport. */
  describe(
    transport: types.WebRtcTransport,
    options: { forceTcp: boolean },
  ): MethodResult<'media.createTransport'> {
    const { sctpParameters } = transport;
    if (!sctpParameters) throw new ParleyError('MEDIA_UNAVAILABLE');
    const { port, OS, MIS, maxMessageSize, maxSendMessageSize, maxReceiveMessageSize } = sctpParameters;
    return {
      transportId: transport.id,
      iceParameters: transport.iceParameters,
      iceCandidates: this.#context.iceCandidates(options),
      dtlsParameters: transport.dtlsParameters,
      sctpParameters: { port, OS, MIS, maxMessageSize, maxSendMessageSize, maxReceiveMessageSize },
    };
  }

  /** Throws WRONG_STATE the second time, MEDIA_REJECTED, TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async connect({ transportId, dtlsParameters }: MethodParams<'media.connectTransport'>): Promise<void> {
    const transport = this.get(transportId);
    const parameters = toDtlsParameters(dtlsParameters);
    if (this.#connecting.has(transport)) throw new ParleyError('WRONG_STATE');
    this.#connecting.add(transport);
    try {
      await this.ask(() => transport.connect({ dtlsParameters: parameters }), transport);
    } catch (error) {
      this.#connecting.delete(transport);
      throw error;
    }
  }

  /** Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async restartIce({
    transportId,
  }: MethodParams<'media.restartIce'>): Promise<MethodResult<'media.restartIce'>> {
    const transport = this.get(transportId);
    return { iceParameters: await this.ask(() => transport.restartIce(), transport) };
  }

  /** The endpoint's own transport of this id, and of this direction when it matters. Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  get(transportId: string, direction?: Direction): types.WebRtcTransport {
    if (!this.usable) throw new ParleyError('MEDIA_UNAVAILABLE');
    const { send, recv } = this.#current;
    const candidates = direction === undefined ? [send, recv] : [this.#current[direction]];
    const transport = candidates.find((candidate) => candidate?.id === transportId);
    if (!transport || transport.closed) throw new ParleyError('TRANSPORT_NOT_FOUND');
    return transport;
  }

  /** Runs a mediasoup request, about a transport as a rule; its errors are told in the words of the wire. */
  ask<T>(request: () => Promise<T>, transport?: types.WebRtcTransport): Promise<T> {
    return askMediasoup({ isUsable: () => this.usable, transport }, request);
  }

  closeDirection(direction: Direction): void {
    this.#current[direction]?.close();
    delete this.#current[direction];
  }

  close(): void {
    this.#closed = true;
    this.closeDirection('send');
    this.closeDirection('recv');
  }
}
