import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import type { RtpParameters, Source } from '@parley/protocol';
import type { MediaContext } from './mediaContext.ts';
import { Publication } from './Publication.ts';
import { toRtpParameters } from './wireMedia.ts';

/** Where a feed is sent to, and how. */
export interface FeedAddress {
  ip: string;
  port: number;
  video: { ssrc: number; payloadType: number };
  audio: { ssrc: number; payloadType: number };
}

const VIDEO_PAYLOAD_TYPE = 102;
const AUDIO_PAYLOAD_TYPE = 111;
/** Whoever feeds is spared a further request for a key frame, ms. */
const KEY_FRAME_DELAY_MS = 500;
/** A key frame comes in one burst. */
const BUFFER_BYTES = 1_048_576;

/**
 * A picture and a sound that a process of this server makes, in plain RTP over loopback. They are nobody's: only those get
 * them to whom they are offered.
 */
export class Feed {
  readonly address: FeedAddress;
  readonly publications: readonly Publication[];
  readonly #transport: types.PlainTransport;
  #connected = false;

  /** Throws what mediasoup throws. */
  static async create(router: types.Router, { config }: MediaContext): Promise<Feed> {
    const { recorderIp: ip } = config;
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip, recvBufferSize: BUFFER_BYTES },
      rtcpMux: true,
      comedia: false,
    });
    try {
      const ssrc = randomInt(1, 0x7fff_0000);
      const address = {
        ...{ ip, port: transport.tuple.localPort },
        video: { ssrc, payloadType: VIDEO_PAYLOAD_TYPE },
        audio: { ssrc: ssrc + 1, payloadType: AUDIO_PAYLOAD_TYPE },
      };
      const publications = [
        await publish(transport, 'camera', videoParameters(address.video.ssrc)),
        await publish(transport, 'microphone', audioParameters(address.audio.ssrc)),
      ];
      return new Feed(transport, address, publications);
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  private constructor(
    transport: types.PlainTransport,
    address: FeedAddress,
    publications: readonly Publication[],
  ) {
    this.#transport = transport;
    this.address = address;
    this.publications = publications;
  }

  /** Takes it from this port of the same address, and from nowhere else. It cannot be changed. */
  async connect(port: number): Promise<void> {
    if (this.#connected || this.#transport.closed) return;
    this.#connected = true;
    await this.#transport.connect({ ip: this.address.ip, port });
  }

  /** Called once when the media of the room is gone, or `close` was called. */
  onClose(told: () => void): void {
    this.#transport.observer.once('close', told);
  }

  close(): void {
    for (const publication of this.publications) publication.close();
    this.#transport.close();
  }
}

async function publish(
  transport: types.PlainTransport,
  source: Source & ('camera' | 'microphone'),
  rtpParameters: RtpParameters,
): Promise<Publication> {
  const kind = source === 'camera' ? 'video' : 'audio';
  const producer = await transport.produce({
    kind,
    rtpParameters: toRtpParameters(rtpParameters),
    keyFrameRequestDelay: KEY_FRAME_DELAY_MS,
  });
  return new Publication({
    publicationId: producer.id,
    participantId: '',
    producer,
    params: { transportId: transport.id, source, kind, rtpParameters },
    tellPublisher: () => undefined,
  });
}

/** Every profile goes as this one: the stream says what it is. */
const videoParameters = (ssrc: number): RtpParameters => ({
  codecs: [
    {
      ...{ mimeType: 'video/H264', payloadType: VIDEO_PAYLOAD_TYPE, clockRate: 90_000 },
      parameters: { 'packetization-mode': 1, 'level-asymmetry-allowed': 1, 'profile-level-id': '42e01f' },
      rtcpFeedback: [
        { type: 'nack', parameter: 'pli' },
        { type: 'ccm', parameter: 'fir' },
      ],
    },
  ],
  encodings: [{ ssrc }],
  rtcp: { cname: 'parley' },
});

const audioParameters = (ssrc: number): RtpParameters => ({
  codecs: [
    {
      ...{ mimeType: 'audio/opus', payloadType: AUDIO_PAYLOAD_TYPE, clockRate: 48_000, channels: 2 },
      parameters: { 'sprop-stereo': 1, useinbandfec: 1 },
    },
  ],
  encodings: [{ ssrc }],
  rtcp: { cname: 'parley' },
});
