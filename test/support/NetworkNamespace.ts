import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath } from './chromium.ts';

const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: 'pipe' });
};

/** Why a namespace cannot be made here, or undefined where it can. */
export function namespaceObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'making a network namespace needs root';
  try {
    run('ip', 'netns', 'list');
    run('iptables', '--version');
    return undefined;
  } catch {
    return 'ip or iptables is missing';
  }
}

const output = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/**
 * A run that was killed could not remove its namespaces, and two cables with one address swallow each
 * other's packets: those whose process is gone are removed first.
 */
function removeOrphans(): void {
  for (const [name, pid] of output('ip', 'netns', 'list').matchAll(/^parley-(\d+)[-\w]*/gmu)) {
    if (isAlive(Number(pid))) continue;
    for (const [, link] of output('ip', '-o', 'link', 'show').matchAll(/^\d+: (pv\d+(?:-\d+)?)@/gmu))
      if (link === name.replace('parley-', 'pv')) run('ip', 'link', 'delete', link);
    run('ip', 'netns', 'delete', name);
  }
}

/** The first three numbers of an IPv4 network of 256 addresses that no interface of this machine has. */
function freeNetwork(): string {
  const taken = output('ip', '-o', '-4', 'addr', 'show');
  const free = Array.from({ length: 256 }, (_, n) => `10.213.${n}`).find(
    (net) => !taken.includes(` ${net}.`),
  );
  if (!free) throw new Error('No network between 10.213.0.0 and 10.213.255.0 is free for a test.');
  return free;
}

/** A host of its own at the end of a cable, on this machine. */
export class NetworkNamespace {
  static #made = 0;
  readonly #id = `${process.pid}-${(NetworkNamespace.#made += 1)}`;
  readonly #name = `parley-${this.#id}`;
  readonly #outer = `pv${this.#id}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-netns-'));
  /** Address under which this machine is reached from inside. */
  readonly hostAddress: string;

  constructor() {
    removeOrphans();
    const network = freeNetwork();
    const inner = `pi${this.#id}`;
    this.hostAddress = `${network}.1`;
    run('ip', 'netns', 'add', this.#name);
    run('ip', 'link', 'add', this.#outer, 'type', 'veth', 'peer', 'name', inner);
    run('ip', 'link', 'set', inner, 'netns', this.#name);
    run('ip', 'addr', 'add', `${this.hostAddress}/24`, 'dev', this.#outer);
    run('ip', 'link', 'set', this.#outer, 'up');
    this.#inside('ip', 'addr', 'add', `${network}.2/24`, 'dev', inner);
    this.#inside('ip', 'link', 'set', inner, 'up');
    this.#inside('ip', 'link', 'set', 'lo', 'up');
  }

  /** Chromium that runs inside, as a program. */
  get chromium(): string {
    const script = join(this.#folder, 'chromium');
    writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${this.#name} ${chromiumPath()} "$@"\n`);
    chmodSync(script, 0o755);
    return script;
  }

  /** Loses this share of all UDP packets at random, each way. */
  loseUdp(share: number): void {
    for (const chain of ['INPUT', 'OUTPUT']) {
      this.#inside(
        'iptables',
        '-A',
        chain,
        '-p',
        'udp',
        '-m',
        'statistic',
        '--mode',
        'random',
        '--probability',
        String(share),
        '-j',
        'DROP',
      );
    }
  }

  blockUdp(): void {
    for (const chain of ['INPUT', 'OUTPUT']) this.#inside('iptables', '-A', chain, '-p', 'udp', '-j', 'DROP');
  }

  close(): void {
    // The cable is cut by hand: a namespace lives on while any process is inside.
    run('ip', 'link', 'delete', this.#outer);
    run('ip', 'netns', 'delete', this.#name);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #inside(command: string, ...args: string[]): void {
    run('ip', 'netns', 'exec', this.#name, command, ...args);
  }
}
