import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListening } from '../../support/isListening.ts';
import { waitFor } from '../../support/waitFor.ts';
import { freeTcpPort } from './ports.ts';

const MODULES = [
  '/usr/lib/x86_64-linux-gnu/kamailio/modules',
  '/usr/lib/aarch64-linux-gnu/kamailio/modules',
  '/usr/lib64/kamailio/modules',
  '/usr/lib/kamailio/modules',
].find((path) => existsSync(path));

export interface KamailioOptions {
  /** Of everybody. */
  password: string;
  /** Who is called for numbers that begin so: as carriers do, the number stands in To alone. */
  numbers: { prefix: string; user: string };
}

/** A real carrier: Kamailio, at which phones and Parley register, and by which they call each other; it wants a password for both. */
export class Kamailio {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  #output = '';

  static async start(options: KamailioOptions): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-kamailio-'));
    const port = await freeTcpPort();
    await writeFile(join(folder, 'kamailio.cfg'), configOf(port, options));
    const kamailio = new Kamailio(folder, port);
    await waitFor('kamailio to listen', () => kamailio.#listens(), { done: (listens) => listens });
    return kamailio;
  }

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    const small = ['-m', '32', '-M', '4'];
    this.#process = spawn(
      'kamailio',
      ['-f', join(folder, 'kamailio.cfg'), '-w', folder, '-Y', folder, '-DD', '-E', ...small],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on(
        'data',
        (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-20_000)),
      );
  }

  /** Where it is, as host and port. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** How somebody is called by it. */
  at(user: string): string {
    return `sip:${user}@${this.address}`;
  }

  get output(): string {
    return this.#output;
  }

  async #listens(): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error(`kamailio has ended: ${this.#output}`);
    return isListening(this.port);
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await exit;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const REALM = 'carrier.test';

const configOf = (port: number, { password, numbers }: KamailioOptions): string => `#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
mpath="${MODULES ?? ''}"
${['tm', 'sl', 'rr', 'pv', 'maxfwd', 'usrloc', 'registrar', 'textops', 'siputils', 'auth']
  .map((module) => `loadmodule "${module}.so"`)
  .join('\n')}
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) {
    if (loose_route() || (is_method("ACK") && t_check_trans())) { t_relay(); exit; }
    if (!is_method("ACK")) { sl_send_reply("404", "Not Here"); }
    exit;
  }
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (!pv_auth_check("${REALM}", "${password}", "0", "0")) { auth_challenge("${REALM}", "0"); exit; }
  if (is_method("REGISTER")) { save("location"); exit; }
  consume_credentials();
  record_route();
  if ($rU =~ "^${numbers.prefix.replace('+', '[+]')}") { $rU = "${numbers.user}"; }
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
}
`;
