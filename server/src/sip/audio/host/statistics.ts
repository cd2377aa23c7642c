import type { LegStatistics } from '../engine.ts';

/** Of a leg that nothing came from. */
export const NO_STATISTICS: LegStatistics = {
  ...{ codec: undefined, packetsSent: 0, packetsReceived: 0, packetsLost: 0, packetsRefused: 0 },
  ...{ jitterMs: 0, concealedMs: 0, maxLoss: 0, remoteLoss: undefined, roundTripMs: undefined },
  ...{ bufferMs: 0, mos: undefined },
};

/** Of a leg that went on in another worker. What it sent is counted on there. */
export function together(former: LegStatistics, latter: LegStatistics): LegStatistics {
  const heard = (one: LegStatistics): number => one.packetsReceived + one.packetsLost;
  const share = heard(former) / Math.max(1, heard(former) + heard(latter));
  const mos =
    former.mos === undefined || latter.mos === undefined
      ? (latter.mos ?? former.mos)
      : former.mos * share + latter.mos * (1 - share);
  return {
    ...latter,
    codec: latter.codec ?? former.codec,
    packetsReceived: former.packetsReceived + latter.packetsReceived,
    packetsLost: former.packetsLost + latter.packetsLost,
    packetsRefused: former.packetsRefused + latter.packetsRefused,
    concealedMs: former.concealedMs + latter.concealedMs,
    maxLoss: Math.max(former.maxLoss, latter.maxLoss),
    remoteLoss: latter.remoteLoss ?? former.remoteLoss,
    roundTripMs: latter.roundTripMs ?? former.roundTripMs,
    mos,
  };
}
