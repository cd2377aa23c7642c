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

/** A host of its own at the end of a cable, on this machine. */
export class NetworkNamespace {
  readonly #name = `parley-${process.pid}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-netns-'));
  /** Address under which this machine is reached from inside. */
  readonly hostAddress = '10.213.0.1';

  constructor() {
    const [outer, inner] = [`pv${process.pid}`, `pi${process.pid}`];
    run('ip', 'netns', 'add', this.#name);
    run('ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner);
    run('ip', 'link', 'set', inner, 'netns', this.#name);
    run('ip', 'addr', 'add', `${this.hostAddress}/24`, 'dev', outer);
    run('ip', 'link', 'set', outer, 'up');
    this.#inside('ip', 'addr', 'add', '10.213.0.2/24', 'dev', inner);
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
    run('ip', 'netns', 'delete', this.#name);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #inside(command: string, ...args: string[]): void {
    run('ip', 'netns', 'exec', this.#name, command, ...args);
  }
}
