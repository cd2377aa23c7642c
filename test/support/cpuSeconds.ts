import { readFileSync } from 'node:fs';

/** Of the kernel; the same on all that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of a processor that some processes have used until now, with all their threads (proc(5), stat, fields 14 and 15). */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }, 0);
}
