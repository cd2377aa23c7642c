/** What measuring tests have measured: printed where it arises, and once more when `npm run bench` ends. */
import { appendFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export interface Figure {
  value: number;
  unit: string;
  /** What it may be at most. */
  limit?: number;
  /** The same of something else, measured in the same run. */
  peer?: { name: string; value: number };
}

/** Prints a figure, its ratio to its limit and to its peer, and how busy the machine is. */
export function figure(what: string, { value, unit, limit, peer }: Figure): void {
  const words = [`${what}: ${rounded(value)} ${unit}`];
  if (limit !== undefined)
    words.push(`${percentOf(Math.abs(value), limit)} of the limit of ${limit} ${unit}`);
  if (peer)
    words.push(`${percentOf(value, peer.value)} of ${peer.name}, which is ${rounded(peer.value)} ${unit}`);
  print(`${words.join(', ')} (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
}

/** Prints how milliseconds are spread. */
export function report(name: string, figures: readonly number[], limit?: number): void {
  const [p50, p95] = [percentile(figures, 0.5), percentile(figures, 0.95)].map(Math.round);
  const most = Math.round(Math.max(...figures));
  const limited = limit === undefined ? '' : `, ${percentOf(most, limit)} of the limit of ${limit} ms`;
  print(`${name}: p50 ${p50} ms, p95 ${p95} ms, max ${most} ms${limited} (n=${figures.length})`);
}

/** The value below which `share` (0 to 1) of the figures lie. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** What a limit in time is worth where others use the machine, too: each gets but its share of the processor. */
export function allowed(limit: number): number {
  return limit * Math.max(1, (loadavg()[0] ?? 0) / cpus().length);
}

/** So many rounds, minutes and so on: what a run of the bench asks for in the environment, or what a test makes do with. */
export function amount(name: string, usual: number): number {
  const wanted = Number(process.env[name] ?? usual);
  if (!(wanted > 0)) throw new Error(`${name} has to be a number above 0.`);
  return wanted;
}

function print(line: string): void {
  console.log(line);
  const file = process.env['BENCH_FIGURES'];
  if (file) appendFileSync(file, `${line}\n`);
}

const percentOf = (value: number, whole: number): string => `${Math.round((100 * value) / whole)} %`;
const rounded = (value: number): string =>
  Math.abs(value) < 20 ? value.toFixed(2) : String(Math.round(value));
