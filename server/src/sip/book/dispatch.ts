/** Which rule a call comes under. Pure. */
import type { DispatchRule } from '@parley/protocol';

export interface DispatchedCall {
  trunkId: string | null;
  /** E.164, an extension, or empty when withheld. */
  from: string;
  to: string;
}

/** Whether a number is one of these, or begins as they say: `+4930*`. None at all are any. */
export const fitsNumber = (patterns: readonly string[], number: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => fits(bare(pattern), number));

/** Numbers may be written as people write them. */
export const bare = (pattern: string): string =>
  /^\+[0-9 ()./-]+\*?$/.test(pattern) ? pattern.replace(/[ ()./-]/g, '') : pattern;

const fits = (pattern: string, number: string): boolean =>
  pattern.endsWith('*') ? number.startsWith(pattern.slice(0, -1)) : number === pattern;

/** The rule that comes first: by priority, and among equals by name. A rule that names trunks fits no call of an extension. */
export function findRule<T extends DispatchRule>(rules: readonly T[], call: DispatchedCall): T | undefined {
  return rules
    .filter(
      ({ trunkIds }) => trunkIds.length === 0 || (call.trunkId !== null && trunkIds.includes(call.trunkId)),
    )
    .filter(({ numbers, callers }) => fitsNumber(numbers, call.to) && fitsNumber(callers, call.from))
    .toSorted((a, b) => a.priority - b.priority || (a.ruleId < b.ruleId ? -1 : 1))[0];
}
