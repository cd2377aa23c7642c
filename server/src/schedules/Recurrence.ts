import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { basicLocal, basicUtc, localAt, momentOf, momentOfBasic } from './clock.ts';
import { candidatesPerPeriod, refuseRule } from './rule.ts';

export interface Series {
  /** On the clock of the time zone. */
  start: string;
  timeZone: string;
  /** As `readRule` gives it; null when there is only one occurrence. */
  rrule: string | null;
}

/** Most times that are considered for one answer: a rule that has no occurrence among them is taken to have no more. */
const MOST_CANDIDATES = 30_000;
/** Most periods, such as days or years, that are gone through, and those that are always. */
const PERIODS = { least: 40, most: 1100 };
/**
 * How long all answers of one recurrence may take together, in ms: far more than ordinary rules need, and little enough not
 * to be heard in a meeting that goes on meanwhile.
 */
const PATIENCE_MS = 250;
const DAY_MS = 86_400_000;
/** Spans in which occurrences are counted, in days: longer ones where there are few. */
const SPANS = { first: 32, longest: 6000, few: 100 };
/** Nothing is planned from the year 2200 on. */
const END_OF_TIME = 7_258_118_400_000;

/** When a series takes place by its rule alone: moments in ms since the epoch. All answers together cost a bounded amount of work. */
export class Recurrence {
  readonly #startsAt: number;
  readonly #rule: RRuleTemporal | undefined;
  #spent = 0;

  /** `lastStart` is what `lastStartOf` gives for the series. */
  constructor(series: Series, lastStart: number | null) {
    this.#startsAt = momentOf(series.start, series.timeZone);
    if (series.rrule === null) return;
    // NOTE: counting begins at the start each time; an end that is a moment can be looked up from anywhere.
    const rrule =
      lastStart === null
        ? series.rrule
        : series.rrule.replace(/(?:COUNT|UNTIL)=\w+/, `UNTIL=${basicUtc(lastStart)}`);
    this.#rule = ruleOf({ ...series, rrule });
  }

  /** It took so long already that it answers no more: from now on nothing is found. */
  get isTiresome(): boolean {
    return this.#spent > PATIENCE_MS;
  }

  /** Throws RULE_REFUSED when following the rule takes too long. */
  assertQuick(): void {
    if (this.isTiresome)
      refuseRule('Working out when it takes place takes too long. Use a simpler rule, or UNTIL for COUNT.');
  }

  has(moment: number): boolean {
    return this.between(moment, moment).includes(moment);
  }

  /** Starts from `from` to `to`, both included. */
  between(from: number, to: number): number[] {
    if (!this.#rule) return this.#startsAt >= from && this.#startsAt <= to ? [this.#startsAt] : [];
    return this.#ask((rule) => startsIn(rule, from, Math.min(to, END_OF_TIME))) ?? [];
  }

  /** The first start at this moment or later; none when there is none within reach. */
  next(from: number): number | undefined {
    if (!this.#rule) return this.#startsAt >= from ? this.#startsAt : undefined;
    const found = this.#ask((rule) => rule.next(new Date(from), true)?.epochMilliseconds);
    return found === undefined || found >= END_OF_TIME ? undefined : found;
  }

  /** The last start up to a moment; the moment itself where that cannot be said. */
  lastBefore(moment: number): number {
    return this.#ask((rule) => rule.previous(new Date(moment), true)?.epochMilliseconds) ?? moment;
  }

  /** The start of this number, counted from 1, or the last one if there are fewer. Throws RULE_REFUSED. */
  nth(count: number): number {
    let last = this.#startsAt;
    let left = count;
    let days = SPANS.first;
    let from = last;
    // NOTE: not all at once, so that it can be given up.
    while (left > 0 && from < END_OF_TIME) {
      const to = Math.min(from + days * DAY_MS, END_OF_TIME);
      const found = this.#ask((rule) => startsIn(rule, from, to - 1));
      this.assertQuick();
      if (!found)
        refuseRule('Its occurrences are too far apart to be counted; use UNTIL.', { part: 'COUNT' });
      last = found[Math.min(left, found.length) - 1] ?? last;
      left -= found.length;
      from = to;
      if (found.length < SPANS.few) days = Math.min(2 * days, SPANS.longest);
    }
    return last;
  }

  /** Nothing when it would take too much work. */
  #ask<T>(question: (rule: RRuleTemporal) => T): T | undefined {
    if (!this.#rule || this.isTiresome) return undefined;
    const began = performance.now();
    try {
      return question(this.#rule);
    } catch (cause) {
      if (isExhausted(cause)) return undefined;
      throw cause;
    } finally {
      this.#spent += performance.now() - began;
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
  const recurrence = endlessly({ ...series, rrule });
  if (!recurrence.has(startsAt)) {
    const first = recurrence.next(startsAt);
    recurrence.assertQuick();
    refuseStart(first, timeZone);
  }
  const [, count] = /COUNT=(\d+)/.exec(rrule) ?? [];
  if (count !== undefined) return recurrence.nth(Number(count));
  const [, until] = /UNTIL=(\w+)/.exec(rrule) ?? [];
  if (until === undefined) return null;
  const last = recurrence.lastBefore(Math.min(momentOfBasic(until), END_OF_TIME));
  recurrence.assertQuick();
  return last;
}

/** The series without COUNT, which costs counting each time; UNTIL stays. Throws RULE_REFUSED. */
function endlessly(series: Series & { rrule: string }): Recurrence {
  try {
    return new Recurrence({ ...series, rrule: series.rrule.replace(/;COUNT=\w+|COUNT=\w+;/, '') }, null);
  } catch (cause) {
    return refuseRule(cause instanceof Error ? `${cause.message}.` : 'It cannot be followed.');
  }
}

const startsIn = (rule: RRuleTemporal, from: number, to: number): number[] =>
  rule.between(new Date(from), new Date(to), true).map(({ epochMilliseconds }) => epochMilliseconds);

const isExhausted = (error: unknown): boolean =>
  error instanceof Error && / exceeded in /.test(error.message);

function ruleOf({ start, timeZone, rrule }: Series & { rrule: string }): RRuleTemporal {
  const periods = Math.floor(MOST_CANDIDATES / candidatesPerPeriod(rrule));
  return new RRuleTemporal({
    rruleString: `DTSTART;TZID=${timeZone}:${basicLocal(start)}\nRRULE:${rrule}`,
    ...{ strict: true, cache: false, temporal: Temporal },
    // NOTE: `maxCandidateEvaluations` would bound the same, but with it the library takes none of its short cuts.
    maxIterations: Math.min(PERIODS.most, Math.max(PERIODS.least, periods)),
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
