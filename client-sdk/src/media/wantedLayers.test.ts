import { describe, expect, it } from 'vitest';
import { encodingsForLayers, type LayerEncoding } from './wantedLayers.ts';

describe('encodingsForLayers', () => {
  const simulcast: (LayerEncoding & { rid: string })[] = [{ rid: 'r0' }, { rid: 'r1' }, { rid: 'r2' }];
  it.each([
    [-1, [false, false, false]],
    [0, [true, false, false]],
    [1, [true, true, false]],
    [2, [true, true, true]],
    [7, [true, true, true]],
  ])('of simulcast, sends the layers up to %i', (wanted, active) => {
    const encodings = encodingsForLayers(simulcast, wanted, undefined);
    expect(encodings.map((encoding) => encoding.active)).toEqual(active);
    expect(encodings.map(({ rid }) => rid)).toEqual(['r0', 'r1', 'r2']);
  });

  it.each([
    [2, { active: true, scalabilityMode: 'L3T3_KEY', scaleResolutionDownBy: 1 }],
    [1, { active: true, scalabilityMode: 'L2T3_KEY', scaleResolutionDownBy: 2 }],
    [0, { active: true, scalabilityMode: 'L1T3', scaleResolutionDownBy: 4 }],
    [-1, { active: false }],
  ])('of SVC, sends the layers up to %i in the size they had', (wanted, encoding) => {
    expect(encodingsForLayers([{}], wanted, 'L3T3_KEY')).toEqual([encoding]);
  });

  it('only switches a single layer on and off', () => {
    expect(encodingsForLayers([{ scalabilityMode: 'L1T3' }], 0, 'L1T3')).toEqual([
      { scalabilityMode: 'L1T3', active: true },
    ]);
    expect(encodingsForLayers([{}], -1, undefined)).toEqual([{ active: false }]);
  });
});
