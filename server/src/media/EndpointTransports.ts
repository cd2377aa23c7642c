import { isIPv4 } from 'node:net';
import type { types } from 'mediasoup';
import { ParleyError, type MethodParams, type MethodResult } from '@parley/protocol';
import type { MediaContext } from './mediaContext.ts';
import { askMediasoup, mediaRejected } from './mediaErrors.ts';
import type { Reception } from './Subscription.ts';
import { toDtlsParameters, toRtpCapabilities, withoutBandwidthEstimation } from './wireMedia.ts';

export type Direction = 'send' | 'recv';

/** What becomes of the way to a client; `lost` may mend by itself or by an ICE restart, `closed` is for good. */
export type TransportState = 'connected' | 'lost' | 'closed';

/** A way in for RTP that a process of this server sends. */
export interface Uplink {
  transportId: string;
  ip: string;
  port: number;
  /** Takes what comes from this address, and nothing else. Once. */
  connect(from: { ip: string; port: number }): Promise<void>;
}

/** What went over a transport so far, in bytes. */
export interface Traffic {
  /** All but checks of ICE, which the worker does not count. */
  received: number;
  /** RTP alone. */
  receivedMedia: number;
  /** All, also the answers to checks of ICE. */
  sent: number;
  /** RTP alone, with what is sent again and to probe the way. */
  sentMedia: number;
}

/** Without it, mediasoup has its own, which is half a minute. */
const NO_CONSENT = { iceConsentTimeout: 0 };

/** Largest application message on the wire, header included, with room to spare. */
const MAX_SCTP_MESSAGE_BYTES = 65_536;
/** A key frame leaves in one burst, as nothing paces a plain transport. */
const PLAIN_BUFFER_BYTES = 1_048_576;

const LOOPBACK = '127.';

/** The transports of an endpoint, at most one of each direction: WebRTC ones, or a plain one to receive. */
export class EndpointTransports {
  readonly #router: types.Router;
  readonly #context: MediaContext;
  readonly #iceConsent: boolean;
  readonly #current: Partial<Record<Direction, types.WebRtcTransport>> = {};
  #plain: types.PlainTransport | undefined;
  #uplink: types.PlainTransport | undefined;
  readonly #connecting = new WeakSet<types.WebRtcTransport>();
  #closed = false;

  /** Without `iceConsent` a transport stays when no consent (RFC 7675) is asked for; then its user watches over it. */
  constructor(router: types.Router, context: MediaContext, { iceConsent }: { iceConsent: boolean }) {
    this.#router = router;
    this.#context = context;
    this.#iceConsent = iceConsent;
  }

  /** False when the media room is gone. */
  get usable(): boolean {
    return !this.#closed && !this.#router.closed;
  }

  get count(): number {
    return Object.keys(this.#current).length + (this.#plain ? 1 : 0) + (this.#uplink ? 1 : 0);
  }

  /** Makes a transport in place of the former one, which is closed. Throws MEDIA_UNAVAILABLE. */
  async create(
    direction: Direction,
    { forceTcp, router = this.#router }: { forceTcp: boolean; router?: types.Router },
  ): Promise<types.WebRtcTransport> {
    const { config, metrics, webRtcServer } = this.#context;
    this.closeDirection(direction);
    const transport = await this.ask(() =>
      router.createWebRtcTransport({
        webRtcServer,
        enableUdp: !forceTcp,
        enableTcp: true,
        preferUdp: true,
        ...(!this.#iceConsent && NO_CONSENT),
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

  /**
   * Makes a plain transport to receive on, in place of the former transport of that direction. Its way is fixed from the
   * start: nobody can turn it by sending from elsewhere. Throws MEDIA_REJECTED, MEDIA_UNAVAILABLE.
   */
  async createPlain({ ip, port, ...asked }: MethodParams<'media.createPlainTransport'>): Promise<{
    reception: Reception;
    description: MethodResult<'media.createPlainTransport'>;
  }> {
    const { config, metrics } = this.#context;
    const rtpCapabilities = withoutBandwidthEstimation(toRtpCapabilities(asked.rtpCapabilities));
    if (!isIPv4(ip) || (config.recorderIp.startsWith(LOOPBACK) && !ip.startsWith(LOOPBACK)))
      throw mediaRejected(
        `Media is sent from ${config.recorderIp} to recorders, which does not reach ${ip}.`,
      );
    this.closeDirection('recv');
    const transport = await this.ask(() =>
      this.#router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: config.recorderIp, sendBufferSize: PLAIN_BUFFER_BYTES },
        rtcpMux: true,
        comedia: false,
      }),
    );
    metrics.transports.inc();
    transport.observer.once('close', () => metrics.transports.dec());
    // Two may have been asked for at once: the later answer stays.
    this.closeDirection('recv');
    this.#plain = transport;
    await this.ask(() => transport.connect({ ip, port }), transport);
    const { localAddress, localPort } = transport.tuple;
    return {
      reception: { transport, rtpCapabilities, isOpen: () => true },
      description: { transportId: transport.id, ip: localAddress, port: localPort },
    };
  }

  /** Makes a plain transport to send on, in place of a former one, beside any other. Throws MEDIA_UNAVAILABLE. */
  async createUplink(): Promise<Uplink> {
    const { config, metrics } = this.#context;
    this.#uplink?.close();
    const transport = await this.ask(() =>
      this.#router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: config.recorderIp },
        rtcpMux: true,
        comedia: false,
      }),
    );
    metrics.transports.inc();
    transport.observer.once('close', () => metrics.transports.dec());
    // Two may have been asked for at once: the later answer stays. It may have been closed meanwhile.
    this.#uplink?.close();
    this.#uplink = transport;
    if (this.#closed) transport.close();
    const { localAddress, localPort } = transport.tuple;
    return {
      ...{ transportId: transport.id, ip: localAddress, port: localPort },
      connect: (from) => this.ask(() => transport.connect(from), transport),
    };
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

  /** Tells what becomes of a transport: for those whose client has no other connection. Throws TRANSPORT_NOT_FOUND. */
  watch(transportId: string, told: (state: TransportState) => void): void {
    const transport = this.get(transportId);
    const tell = (): void => {
      const { iceState, dtlsState } = transport;
      if (dtlsState === 'failed' || dtlsState === 'closed') told('closed');
      else if (iceState === 'disconnected') told('lost');
      else if (dtlsState === 'connected') told('connected');
    };
    transport.on('icestatechange', tell);
    transport.on('dtlsstatechange', tell);
    transport.observer.once('close', () => told('closed'));
  }

  /** Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async traffic(transportId: string): Promise<Traffic> {
    const transport = this.get(transportId);
    const [stats] = await this.ask(() => transport.getStats(), transport);
    if (!stats) throw new ParleyError('MEDIA_UNAVAILABLE');
    return {
      received: stats.bytesReceived,
      receivedMedia: stats.rtpBytesReceived,
      sent: stats.bytesSent,
      sentMedia: stats.rtpBytesSent + stats.rtxBytesSent + stats.probationBytesSent,
    };
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

  /** The endpoint's own transport of this id that sends. Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  getSender(transportId: string): types.WebRtcTransport | types.PlainTransport {
    const uplink = this.#uplink;
    if (this.usable && uplink?.id === transportId && !uplink.closed) return uplink;
    return this.get(transportId, 'send');
  }

  /** Runs a mediasoup request, about a transport as a rule; its errors are told in the words of the wire. */
  ask<T>(request: () => Promise<T>, transport?: types.Transport): Promise<T> {
    return askMediasoup({ isUsable: () => this.usable, transport }, request);
  }

  closeDirection(direction: Direction): void {
    this.#current[direction]?.close();
    delete this.#current[direction];
    if (direction !== 'recv') return;
    this.#plain?.close();
    this.#plain = undefined;
  }

  close(): void {
    this.#closed = true;
    this.closeDirection('send');
    this.closeDirection('recv');
    this.#uplink?.close();
  }
}
