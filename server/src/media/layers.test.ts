import { describe, expect, it } from 'vitest';
import { describeLayers, preferredLayers, topLayerOf, type Encoding, type TileSize } from './layers.ts';

const simulcast: Encoding[] = [4, 2, 1].map((scaleResolutionDownBy) => ({
  scaleResolutionDownBy,
  scalabilityMode: 'L1T3',
}));
const ladder = (encodings: Encoding[], width = 1280, height = 720) =>
  describeLayers({ encodings, width, height });

describe('describeLayers', () => {
  it.each<[string, Encoding[], number[], number]>([
    ['VP8 simulcast', simulcast, [0.25, 0.5, 1], 3],
    ['simulcast without a scale', [{}, {}, {}], [0.25, 0.5, 1], 1],
    ['two encodings', [{}, {}], [0.5, 1], 1],
    ['K-SVC', [{ scalabilityMode: 'L3T3_KEY' }], [0.25, 0.5, 1], 3],
    ['SVC with 1.5:1', [{ scalabilityMode: 'L2T2h' }], [1 / 1.5, 1], 2],
    ['SVC with 1.5:1, key frames only', [{ scalabilityMode: 'L2T1h_KEY' }], [1 / 1.5, 1], 1],
    ['S modes', [{ scalabilityMode: 'S3T3' }], [0.25, 0.5, 1], 3],
    ['temporal layers only', [{ scalabilityMode: 'L1T3' }], [1], 3],
    ['nothing said', [{}], [1], 1],
    ['no encodings', [], [1], 1],
    ['nonsense', [{ scalabilityMode: 'haha' }], [1], 1],
  ])('%s', (_name, encodings, scales, temporalLayers) => {
    const found = ladder(encodings);
    expect(found.scales).toEqual(scales);
    expect(found.temporalLayers).toBe(temporalLayers);
    expect(topLayerOf(found)).toBe(scales.length - 1);
  });
});

describe('preferredLayers', () => {
  const hd = ladder(simulcast);
  it.each<[string, TileSize, number, number]>([
    ['no size known', {}, 2, 2],
    ['full screen', { width: 1920, height: 1080 }, 2, 2],
    ['exactly full size', { width: 1280, height: 720 }, 2, 2],
    ['half size', { width: 640, height: 360 }, 1, 2],
    ['a little over half size', { width: 700, height: 390 }, 1, 2],
    ['clearly over half size', { width: 800, height: 450 }, 2, 2],
    ['quarter size', { width: 320, height: 180 }, 0, 2],
    ['thumbnail', { width: 160, height: 90 }, 0, 1],
    ['no room at all', { width: 0, height: 0 }, 0, 1],
    ['only the height known', { height: 360 }, 1, 2],
    ['only the width known', { width: 320 }, 0, 2],
    ['upright tile, cropped at the sides', { width: 390, height: 700 }, 2, 2],
  ])('camera, 3 layers: %s', (_name, tile, spatialLayer, temporalLayer) => {
    expect(preferredLayers(hd, tile, 'camera')).toEqual({ spatialLayer, temporalLayer });
  });

  it('does the same for SVC', () => {
    const svc = ladder([{ scalabilityMode: 'L3T3_KEY' }]);
    expect(preferredLayers(svc, { width: 640, height: 360 }, 'camera')).toEqual({
      spatialLayer: 1,
      temporalLayer: 2,
    });
  });

  it('knows upright video', () => {
    const upright = ladder(simulcast, 720, 1280);
    expect(preferredLayers(upright, { width: 180, height: 320 }, 'camera').spatialLayer).toBe(0);
    expect(preferredLayers(upright, { width: 360, height: 640 }, 'camera').spatialLayer).toBe(1);
  });

  it('never asks for what is not there', () => {
    const simple = ladder([{}]);
    expect(preferredLayers(simple, { width: 10, height: 10 }, 'camera')).toEqual({
      spatialLayer: 0,
      temporalLayer: 0,
    });
  });

  it('always shows a screen in full size', () => {
    expect(preferredLayers(hd, { width: 160, height: 90 }, 'screen')).toEqual({
      spatialLayer: 2,
      temporalLayer: 2,
    });
  });
});
