import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { basicLocal, basicUtc, localAt, momentOf } from './clock.ts';
import { refuseRule } from './rule.ts';

export interface Series {
  /** On the clock of the time zone. */
  start: string;
  timeZone: string;
  /** As `readRule` gives it; null when there is only one occurrence. */
  rrule: string | null;
}

/** Most work for one answer: a rule that has no occurrence within so many of its periods is taken to have no more. */
const LOOKING = { maxIterations: 1100, maxCandidateEvaluations: 30_000 };
/** Counting is done once for each change of a rule. */
const COUNTING = { maxIterations: 10_000, maxCandidateEvaluations: 60_000 };
/** Nothing is planned from the year 2200 on. */
const END_OF_TIME = 7_258_118_400_000;

/** When a series takes place by its rule alone: moments in ms since the epoch. Each answer costs a bounded amount of work. */
export class Recurrence {
  readonly #startsAt: number;
  readonly #rule: RRuleTemporal | undefined;

  /** `lastStart` is what `lastStartOf` gives for the series. */
  constructor(series: Series, lastStart: number | null) {
    this.#startsAt = momentOf(series.start, series.timeZone);
    if (series.rrule === null) return;
    // NOTE: counting begins at the start each time; an end that is a moment can be looked up from anywhere.
    const rrule =
      lastStart === null
        ? series.rrule
        : series.rrule.replace(/(?:COUNT|UNTIL)=\w+/, `UNTIL=${basicUtc(lastStart)}`);
    this.#rule = ruleOf({ ...series, rrule }, LOOKING);
  }

  has(moment: number): boolean {
    return this.between(moment, moment).includes(moment);
  }

  /** Starts from `from` to `to`, both included. Throws RULE_REFUSED when there are too many. */
  between(from: number, to: number): number[] {
    if (!this.#rule) return this.#startsAt >= from && this.#startsAt <= to ? [this.#startsAt] : [];
    try {
      const last = Math.min(to, END_OF_TIME);
      return this.#rule
        .between(new Date(from), new Date(last), true)
        .map(({ epochMilliseconds }) => epochMilliseconds);
    } catch (cause) {
      if (isExhausted(cause)) return [];
      throw cause;
    }
  }

  /** The first start at this moment or later; none when there is none within reach. */
  next(from: number): number | undefined {
    if (!this.#rule) return this.#startsAt >= from ? this.#startsAt : undefined;
    try {
      const found = this.#rule.next(new Date(from), true)?.epochMilliseconds;
      return found === undefined || found >= END_OF_TIME ? undefined : found;
    } catch (cause) {
      if (isExhausted(cause)) return undefined;
      throw cause;
    }
  }
}

/**
 * The last start of a series that ends; null when it does not. Throws RULE_REFUSED when the rule cannot be followed, or when
 * the start is not its first occurrence, which RFC 5545 leaves undefined (section 3.8.5.3).
 */
export function lastStartOf(series: Series): number | null {
  const { start, timeZone, rrule } = series;
  const startsAt = momentOf(start, timeZone);
  if (rrule === null) return startsAt;
  assertEndsAfter(startsAt, rrule);
  let rule: RRuleTemporal;
  try {
    rule = ruleOf({ ...series, rrule }, COUNTING);
  } catch (cause) {
    return refuseRule(cause instanceof Error ? `${cause.message}.` : 'It cannot be followed.');
  }
  const recurrence = new Recurrence({ ...series, rrule: rrule.replace(/;COUNT=\w+|COUNT=\w+;/, '') }, null);
  if (!recurrence.has(startsAt)) refuseStart(recurrence.next(startsAt), timeZone);
  if (rrule.includes('COUNT=')) return count(rule) ?? startsAt;
  const until = rule.options().until?.epochMilliseconds;
  return until === undefined ? null : lastBefore(rule, Math.min(until, END_OF_TIME));
}

const isExhausted = (error: unknown): boolean =>
  error instanceof Error && / exceeded in /.test(error.message);

function ruleOf(
  { start, timeZone, rrule }: Series & { rrule: string },
  limits: typeof LOOKING,
): RRuleTemporal {
  return new RRuleTemporal({
    rruleString: `DTSTART;TZID=${timeZone}:${basicLocal(start)}\nRRULE:${rrule}`,
    ...{ strict: true, cache: false, temporal: Temporal },
    ...limits,
  });
}

function assertEndsAfter(startsAt: number, rrule: string): void {
  const [, until] = /UNTIL=(\w+)/.exec(rrule) ?? [];
  // NOTE: both are written alike, in UTC, so that they compare as text.
  if (until !== undefined && until < basicUtc(startsAt))
    refuseRule('It ends before it starts: UNTIL is before the start.', { part: 'UNTIL' });
}

function refuseStart(first: number | undefined, timeZone: string): never {
  if (first === undefined) refuseRule('It has no occurrence in sight.');
  const firstOccurrence = localAt(first, timeZone);
  refuseRule(`The start does not follow it; the first occurrence after it is at ${firstOccurrence}.`, {
    firstOccurrence,
  });
}

function count(rule: RRuleTemporal): number | undefined {
  let last: number | undefined;
  try {
    rule.all(({ epochMilliseconds }) => {
      if (epochMilliseconds >= END_OF_TIME) return false;
      last = epochMilliseconds;
      return true;
    });
  } catch (cause) {
    if (isExhausted(cause))
      refuseRule('Its occurrences are too far apart to be counted; use UNTIL.', { part: 'COUNT' });
    throw cause;
  }
  return last;
}

/** The moment itself where it takes too long to say. */
function lastBefore(rule: RRuleTemporal, moment: number): number {
  try {
    return rule.previous(new Date(moment), true)?.epochMilliseconds ?? moment;
  } catch (cause) {
    if (isExhausted(cause)) return moment;
    throw cause;
  }
}
