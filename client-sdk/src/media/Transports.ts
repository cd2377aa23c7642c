import type { MethodParams, MethodResult, JoinedRoom, RtpCapabilities } from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import type { Device } from 'mediasoup-client';
import type { Transport, TransportOptions } from 'mediasoup-client/types';
import { Emitter } from '../Emitter.ts';
import type { SignalClient } from '../signal/SignalClient.ts';

export type Direction = 'send' | 'recv';
export type TransportHealth = 'connected' | 'interrupted' | 'failed';

export interface TransportsOptions {
  iceServers: JoinedRoom['iceServers'];
  forceTcp: boolean;
  /** Called with the send transport before anything is sent on it. */
  prepareSender(transport: Transport): void;
}

const HEALTH: Partial<Record<RTCPeerConnectionState, TransportHealth>> = {
  connected: 'connected',
  disconnected: 'interrupted',
  failed: 'failed',
  // Not by us: the server closed its side.
  closed: 'failed',
};

/** The two WebRTC transports of a media session: their making, their health, their ICE restart. */
export class Transports extends Emitter<{ health: [direction: Direction, health: TransportHealth] }> {
  readonly #signal: SignalClient;
  readonly #device: Device;
  readonly #options: TransportsOptions;
  readonly #made: Transport[] = [];
  readonly #dtls = new WeakSet<RTCDtlsTransport>();
  #sendOptions: Promise<TransportOptions> | undefined;
  #send: Promise<Transport> | undefined;
  #recv: Promise<Transport> | undefined;
  #closed = false;

  constructor(signal: SignalClient, device: Device, options: TransportsOptions) {
    super();
    this.#signal = signal;
    this.#device = device;
    this.#options = options;
  }

  /** The send transport, made when it is first wanted. Rejects with ParleyError. */
  get send(): Promise<Transport> {
    this.#send ??= this.#makeSend();
    return this.#send;
  }

  /** The receive transport, made when it is first wanted. Rejects with ParleyError. */
  get recv(): Promise<Transport> {
    this.#recv ??= this.#makeRecv();
    return this.#recv;
  }

  /** Id of the receive transport, once it is there. */
  get recvId(): string | undefined {
    return this.#made.find(({ direction }) => direction === 'recv')?.id;
  }

  /**
   * New ICE credentials for both transports: finds a new path and keeps everything else (RFC 8445 section 9). Resolves when
   * they are connected; rejects with TRANSPORT_NOT_FOUND or MEDIA_UNAVAILABLE when that cannot come to be.
   */
  async restartIce(): Promise<void> {
    await Promise.all(
      this.#inUse.map(async (transport) => {
        if (transport.closed) throw new ParleyError('MEDIA_UNAVAILABLE');
        const { iceParameters } = await this.#signal.request('media.restartIce', {
          transportId: transport.id,
        });
        await transport.restartIce({ iceParameters });
        await whenConnected(transport);
      }),
    );
  }

  /**
   * Resolves when every transport that has something to carry is connected; the one to receive on always has.
   * Rejects with MEDIA_UNAVAILABLE after `ms`.
   */
  async whenConnected(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ParleyError('MEDIA_UNAVAILABLE')), ms);
    });
    const connected = Promise.all([this.#send, this.#recv]).then(() =>
      Promise.all(
        this.#made
          .filter(({ direction, connectionState }) => direction === 'recv' || connectionState !== 'new')
          .map((transport) => whenConnected(transport)),
      ),
    );
    await Promise.race([connected, late]).finally(() => clearTimeout(timer));
  }

  /**
   * Watches the DTLS below a sender or receiver. NOTE: when the server ends it (RFC 8446 section 6.1), the connection state
   * says nothing until ICE, too, has timed out, seconds later.
   */
  watchDtls(direction: Direction, dtls: RTCDtlsTransport | null | undefined): void {
    if (!dtls || this.#dtls.has(dtls)) return;
    this.#dtls.add(dtls);
    const check = (): void => {
      if (dtls.state === 'closed' || dtls.state === 'failed') this.#tell(direction, 'failed');
    };
    dtls.addEventListener('statechange', check);
    check();
  }

  /**
   * Has the server close its side, as if it had lost us: asking for new transports does that, and these are not used.
   * What follows is what follows when media is really lost.
   */
  async simulateLoss(): Promise<void> {
    const rtpCapabilities = this.#device.recvRtpCapabilities as RtpCapabilities;
    await Promise.all([
      this.#ask({ direction: 'recv', rtpCapabilities }),
      ...(this.#sendOptions ? [this.#ask({ direction: 'send' })] : []),
    ]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transport of this.#made) transport.close();
  }

  /** Those that something was put on: the others have no ICE that could break. */
  get #inUse(): Transport[] {
    return this.#made.filter(({ connectionState }) => connectionState !== 'new');
  }

  /** Has the server prepare the send transport, so that what is published first need not wait for it. */
  async prepareSend(): Promise<void> {
    this.#sendOptions ??= this.#getOptions({ direction: 'send' });
    await this.#sendOptions;
  }

  async #makeSend(): Promise<Transport> {
    this.#sendOptions ??= this.#getOptions({ direction: 'send' });
    const transport = this.#device.createSendTransport(await this.#sendOptions);
    this.#watch(transport);
    this.#options.prepareSender(transport);
    return transport;
  }

  async #makeRecv(): Promise<Transport> {
    const rtpCapabilities = this.#device.recvRtpCapabilities as RtpCapabilities;
    const transport = this.#device.createRecvTransport(
      await this.#getOptions({ direction: 'recv', rtpCapabilities }),
    );
    this.#watch(transport);
    return transport;
  }

  #ask(params: MethodParams<'media.createTransport'>): Promise<MethodResult<'media.createTransport'>> {
    return this.#signal.request('media.createTransport', {
      ...params,
      ...(this.#options.forceTcp && { forceTcp: true }),
    });
  }

  async #getOptions(params: MethodParams<'media.createTransport'>): Promise<TransportOptions> {
    const { transportId, ...rest } = await this.#ask(params);
    if (this.#closed) throw new ParleyError('MEDIA_UNAVAILABLE');
    return {
      id: transportId,
      iceServers: this.#options.iceServers,
      iceParameters: rest.iceParameters,
      iceCandidates: rest.iceCandidates as TransportOptions['iceCandidates'],
      dtlsParameters: rest.dtlsParameters as TransportOptions['dtlsParameters'],
      sctpParameters: rest.sctpParameters,
    };
  }

  #watch(transport: Transport): void {
    this.#made.push(transport);
    const { direction } = transport;
    transport.on('connect', ({ dtlsParameters }, done) => {
      // What follows on the socket comes after this, so there is no need to wait for the answer.
      done();
      this.#signal
        .request('media.connectTransport', { transportId: transport.id, dtlsParameters })
        .catch(() => this.#tell(direction, 'failed'));
    });
    transport.on('connectionstatechange', (state) => {
      const health = HEALTH[state];
      if (health) this.#tell(direction, health);
    });
  }

  #tell(direction: Direction, health: TransportHealth): void {
    if (!this.#closed) this.emit('health', direction, health);
  }
}

function whenConnected(transport: Transport): Promise<void> {
  if (transport.connectionState === 'connected') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (state: RTCPeerConnectionState): void => {
      if (state === 'connected') resolve();
      else if (state === 'failed' || state === 'closed') reject(new ParleyError('MEDIA_UNAVAILABLE'));
      else return;
      transport.off('connectionstatechange', settle);
    };
    transport.on('connectionstatechange', settle);
    transport.observer.once('close', () => settle('closed'));
  });
}
