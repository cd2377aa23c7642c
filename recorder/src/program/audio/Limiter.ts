import { CHANNELS } from './format.ts';

/** Above it the whole is made softer; -1 dB. */
const CEILING = 0.89;
/** In so many samples it is down: 1 ms. */
const ATTACK = 48;
/** Share of the way back that is gone in each block of 20 ms: half of it in 0.15 s. */
const RECOVERY = 0.09;

/** Keeps many voices at once from being clipped: turns all down at once, and slowly up again. */
export class Limiter {
  #gain = 1;

  /** @param samples one block, changed in place */
  process(samples: Float32Array): void {
    const peak = peakOf(samples);
    const needed = peak > CEILING ? CEILING / peak : 1;
    const from = this.#gain;
    const to = needed < from ? needed : Math.min(needed, from + (1 - from) * RECOVERY);
    this.#gain = to > 0.9999 ? 1 : to;
    if (from === 1 && to === 1) return;
    const frames = samples.length / CHANNELS;
    const ramp = to < from ? ATTACK : frames;
    for (let frame = 0; frame < frames; frame++) {
      const gain = frame < ramp ? from + ((to - from) * frame) / ramp : to;
      for (let i = frame * CHANNELS; i < (frame + 1) * CHANNELS; i++)
        samples[i] = soften((samples[i] ?? 0) * gain);
    }
  }
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    const size = Math.abs(sample);
    if (size > peak) peak = size;
  }
  return peak;
}

/** What the first millisecond lets through bends instead of breaking. */
function soften(sample: number): number {
  const size = Math.abs(sample);
  if (size <= CEILING) return sample;
  const rest = 1 - CEILING;
  return Math.sign(sample) * (CEILING + rest * Math.tanh((size - CEILING) / rest));
}
