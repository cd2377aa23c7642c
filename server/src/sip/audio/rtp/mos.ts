import type { SoundCodec } from '../engine.ts';

/** Impairment of the codec itself, and how well it bears random loss, with concealment (ITU-T G.113, appendix I; Opus by analogy with its wideband table). */
const IMPAIRMENT: Readonly<Record<SoundCodec, { equipment: number; robustness: number }>> = {
  PCMU: { equipment: 0, robustness: 25.1 },
  PCMA: { equipment: 0, robustness: 25.1 },
  G722: { equipment: 0, robustness: 17 },
  opus: { equipment: 0, robustness: 30 },
};
/** With all else at its default (ITU-T G.107, clause 7.7). */
const BEST = 93.2;

/**
 * An estimate of the mean opinion score, 1 to 4.5, by the E-model with all but delay, loss and codec at their defaults (ITU-T G.107, clauses 7.4 to 7.7 and
 * annex B).
 *
 * `loss`: share that had to be made up, 0 to 1. `delayMs`: from mouth to ear.
 */
export function estimateMos({
  codec,
  loss,
  delayMs,
}: {
  codec: SoundCodec;
  loss: number;
  delayMs: number;
}): number {
  const { equipment, robustness } = IMPAIRMENT[codec];
  const percent = loss * 100;
  const byLoss = equipment + ((95 - equipment) * percent) / (percent + robustness);
  const rating = BEST - ofDelay(delayMs) - byLoss;
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

/** Idd of clause 7.5: nothing up to 100 ms. */
function ofDelay(ms: number): number {
  if (ms <= 100) return 0;
  const x = Math.log2(ms / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}
