import type { Assembled, Depacketizer } from './Depacketizer.ts';

const IDR = 5;
const SPS = 7;
const PPS = 8;
const STAP_A = 24;
const FU_A = 28;
const START_CODE = Buffer.from([0, 0, 0, 1]);

const typeOf = (unit: Buffer): number => (unit[0] ?? 0) & 0x1f;

/**
 * RFC 6184 in packetization mode 1: single units, STAP-A, FU-A. The units become an access unit in Annex B. Parameter sets that
 * came earlier are put before a key frame that has none.
 */
export function createH264Depacketizer(): Depacketizer {
  const parameterSets = new Map<number, Buffer>();
  return (payloads) => {
    const units = unitsOf(payloads);
    if (!units || units.length === 0) return undefined;
    for (const unit of units)
      if (typeOf(unit) === SPS || typeOf(unit) === PPS) parameterSets.set(typeOf(unit), Buffer.from(unit));
    const keyFrame = units.some((unit) => typeOf(unit) === IDR);
    if (keyFrame) units.unshift(...missingSets(units, parameterSets));
    return annexB(units, keyFrame);
  };
}

function missingSets(units: readonly Buffer[], known: ReadonlyMap<number, Buffer>): Buffer[] {
  return [SPS, PPS].flatMap((type) => {
    const set = known.get(type);
    return set && !units.some((unit) => typeOf(unit) === type) ? [set] : [];
  });
}

const annexB = (units: readonly Buffer[], keyFrame: boolean): Assembled => ({
  data: Buffer.concat(units.flatMap((unit) => [START_CODE, unit])),
  keyFrame,
});

/** Undefined when something does not fit together. */
function unitsOf(payloads: readonly Buffer[]): Buffer[] | undefined {
  const units: Buffer[] = [];
  let fragments: Buffer[] | undefined;
  for (const payload of payloads) {
    const type = typeOf(payload);
    if (type === FU_A) {
      const [indicator = 0, flags = 0] = payload;
      if (payload.length < 3) return undefined;
      // Section 5.8: the header of the unit is made of the two first bytes of its fragments.
      if (flags & 0x80) fragments = [Buffer.from([(indicator & 0xe0) | (flags & 0x1f)])];
      if (!fragments) return undefined;
      fragments.push(payload.subarray(2));
      if (flags & 0x40) {
        units.push(Buffer.concat(fragments));
        fragments = undefined;
      }
    } else if (fragments) return undefined;
    else if (type === STAP_A) {
      const aggregated = aggregatedUnits(payload);
      if (!aggregated) return undefined;
      units.push(...aggregated);
    } else if (type >= 1 && type <= 23) units.push(payload);
    else return undefined;
  }
  return fragments ? undefined : units;
}

/** Section 5.7.1. */
function aggregatedUnits(payload: Buffer): Buffer[] | undefined {
  const units: Buffer[] = [];
  for (let start = 1; start < payload.length;) {
    if (start + 2 > payload.length) return undefined;
    const end = start + 2 + payload.readUInt16BE(start);
    if (end > payload.length || end === start + 2) return undefined;
    units.push(payload.subarray(start + 2, end));
    start = end;
  }
  return units;
}
