import type { types } from 'mediasoup';

const H264 = { 'packetization-mode': 1, 'level-asymmetry-allowed': 1 };

/**
 * What a router forwards, the codec that a publisher takes by default first.
 * NOTE: no audio/red. mediasoup 3.27 does not list it among its supported capabilities and refuses a router with it;
 * loss on audio is met by Opus in-band FEC and NACK instead.
 */
export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 2 } },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { ...H264, 'profile-level-id': '42e01f' },
  },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { ...H264, 'profile-level-id': '4d0032' },
  },
  { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000 },
];
