import { describe, expect, it } from 'vitest';
import { bitrateFor, encodingsFor, layeringOf, produceOptionsFor } from './encodings.ts';

const hd = { width: 1280, height: 720 };
const camera = { source: 'camera', size: hd } as const;
const deviceWith = (...mimeTypes: string[]) => ({
  sendRtpCapabilities: {
    codecs: mimeTypes.map((mimeType) => ({
      kind: 'video' as const,
      mimeType,
      clockRate: 90_000,
      preferredPayloadType: 96,
    })),
  },
});

describe('encodingsFor', () => {
  it('sends a camera in three sizes, the smallest first, each with enough bits', () => {
    const layers = encodingsFor(camera, {});
    expect(layers.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
    const [small = 0, middle = 0, large = 0] = layers.map(({ maxBitrate }) => maxBitrate);
    expect(small).toBeGreaterThan(120_000);
    expect(small).toBeLessThan(180_000);
    expect(middle).toBeGreaterThan(400_000);
    expect(middle).toBeLessThan(600_000);
    expect(large).toBe(bitrateFor(hd));
    expect(large).toBeGreaterThan(1_500_000);
    expect(large).toBeLessThan(1_900_000);
  });

  it('makes no layer too small to be worth it', () => {
    const sizes = (height: number) =>
      encodingsFor({ source: 'camera', size: { width: 320, height } }, {}).length;
    expect([480, 479, 239].map(sizes)).toEqual([3, 2, 1]);
  });

  it.each([
    ['vp9', 'L3T3_KEY'],
    ['av1', 'L1T3'],
  ] as const)('sends %s as one scalable stream, %s', (videoCodec, scalabilityMode) => {
    expect(encodingsFor(camera, { videoCodec })).toEqual([{ maxBitrate: bitrateFor(hd), scalabilityMode }]);
  });

  it('sends one size where simulcast is off', () => {
    expect(encodingsFor(camera, { simulcast: false })).toHaveLength(1);
  });

  it('keeps a screen in full size, and lets a film on it move', () => {
    const screen = { source: 'screen', size: { width: 2560, height: 1440 } } as const;
    const [detail] = encodingsFor(screen, {});
    const [motion] = encodingsFor({ ...screen, contentHint: 'motion' }, {});
    expect(detail?.scaleResolutionDownBy).toBeUndefined();
    expect(detail?.maxFramerate).toBe(15);
    expect(motion?.maxFramerate).toBe(30);
  });
});

describe('produceOptionsFor', () => {
  it('falls back to VP8 simulcast where the browser cannot encode what was asked for', () => {
    const request = { ...camera, track: { kind: 'video' } };
    const without = produceOptionsFor(request, { videoCodec: 'av1' }, deviceWith('video/VP8'));
    expect(without.codec).toBeUndefined();
    expect(without.encodings).toHaveLength(3);
    const withIt = produceOptionsFor(request, { videoCodec: 'av1' }, deviceWith('video/VP8', 'video/AV1'));
    expect(withIt.codec?.mimeType).toBe('video/AV1');
    expect(withIt.encodings).toHaveLength(1);
  });

  it('leaves silence out of speech, and nothing out of music', () => {
    const dtx = (source: 'microphone' | 'screenAudio') =>
      produceOptionsFor({ source, track: { kind: 'audio' } }, {}, deviceWith()).codecOptions?.opusDtx;
    expect(dtx('microphone')).toBe(true);
    expect(dtx('screenAudio')).toBe(false);
  });
});

describe('layeringOf', () => {
  const of = (mimeType: string, ...modes: (string | undefined)[]) =>
    layeringOf({
      codecs: [{ mimeType, payloadType: 96, clockRate: 90_000 }],
      encodings: modes.map((scalabilityMode) => (scalabilityMode ? { scalabilityMode } : {})),
    });

  it('tells simulcast, SVC and simple streams apart as the server does', () => {
    expect(of('video/VP8', 'L1T3', 'L1T3')).toBe('simulcast');
    expect(of('video/VP9', 'L3T3_KEY')).toBe('svc');
    expect(of('video/VP8', 'L1T3')).toBe('simple');
    expect(of('audio/opus', undefined)).toBe('simple');
  });
});
