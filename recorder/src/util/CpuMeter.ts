import { readFileSync } from 'node:fs';

/** Of the kernel; the same on all that Node runs on. */
const TICKS_PER_SECOND = 100;

/** How many cores this process and those it has started keep busy. */
export class CpuMeter {
  #at = performance.now();
  #own = process.cpuUsage();
  #children = new Map<number, number>();

  /** Cores since it was read last. Children count where the system tells of them (Linux). */
  read(): number {
    const now = performance.now();
    const seconds = (now - this.#at) / 1000;
    const own = process.cpuUsage(this.#own);
    let busy = (own.user + own.system) / 1e6;
    const children = new Map(childrenOf(process.pid).map((pid) => [pid, secondsOf(pid)]));
    for (const [pid, total] of children) busy += Math.max(0, total - (this.#children.get(pid) ?? 0));
    this.#at = now;
    this.#own = process.cpuUsage();
    this.#children = children;
    return seconds > 0 ? busy / seconds : 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return list.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** What a process has used; 0 where it is gone. Fields 14 and 15 of proc(5), stat. */
function secondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
