import { setTimeout as pass } from 'node:timers/promises';
import type { Trunk } from '@parley/protocol';
import { HOUR_MS } from '../../util/HourlySweep.ts';
import { locate, type Names } from '../stack/transport/locate.ts';
import { systemNames } from '../stack/transport/systemNames.ts';
import { AddressList } from '../stack/admission/AddressList.ts';
import { sipUri, TrunkLine } from './TrunkLine.ts';

/** Names of hosts may lead elsewhere after so long, ms. */
const LOOK_UP_MS = 60_000;

/** Calls do not wait longer for names of hosts than this, ms. */
const LOOK_UP_WAIT_MS = 2_000;

/** Addresses of a host that are known at one time; the one that was given longest ago makes room. */
const MAX_ADDRESSES = 64;

interface Entry {
  line: TrunkLine;
  allowed: AddressList;
}

/** Why a trunk is left out. */
export interface TrunkFault {
  readonly trunkId: string;
  readonly why: string;
}

/** All trunks that are on, and from where their calls come. */
export class TrunkBoard {
  #entries = new Map<string, Entry>();
  /** Of hosts that trunks name, and when DNS gave them last; longest ago first. */
  readonly #addresses = new Map<string, Map<string, number>>();
  readonly #names: Names;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ names = systemNames, now = Date.now }: { names?: Names; now?: () => number } = {}) {
    this.#names = names;
    this.#now = now;
  }

  get lines(): TrunkLine[] {
    return [...this.#entries.values()].map(({ line }) => line);
  }

  find(trunkId: string): TrunkLine | undefined {
    return this.#entries.get(trunkId)?.line;
  }

  /**
   * Those that have not changed stay as they are; those that have keep their calls, which end as they began. One that cannot be used,
   * such as for a certificate that is not there, is left out. Resolves when it is known where they are, or after 2 s.
   */
  async set(trunks: readonly Trunk[]): Promise<{ replaced: TrunkLine[]; faults: TrunkFault[] }> {
    const before = this.#entries;
    this.#entries = new Map();
    const faults: TrunkFault[] = [];
    for (const trunk of trunks.filter(({ enabled }) => enabled)) {
      const known = before.get(trunk.trunkId);
      if (known && JSON.stringify(known.line.trunk) === JSON.stringify(trunk))
        this.#entries.set(trunk.trunkId, known);
      else faults.push(...this.#add(trunk, known?.line));
    }
    const replaced = [...before.values()]
      .map(({ line }) => line)
      .filter((line) => this.find(line.trunk.trunkId) !== line);
    await Promise.race([this.#lookUp(), pass(LOOK_UP_WAIT_MS, undefined, { ref: false })]);
    return { replaced, faults };
  }

  /** Those whose calls come from there. */
  trunksAt(address: string): TrunkLine[] {
    return [...this.#entries.values()]
      .filter(
        ({ line, allowed }) =>
          allowed.has(address) || line.hosts.some((host) => this.#addresses.get(host)?.has(address)),
      )
      .map(({ line }) => line);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Gives what is wrong with it. */
  #add(trunk: Trunk, before: TrunkLine | undefined): TrunkFault[] {
    const { trunkId, inbound } = trunk;
    try {
      const line = new TrunkLine(trunk, before);
      this.#entries.set(trunkId, { line, allowed: new AddressList(inbound?.allowedAddresses ?? []) });
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ trunkId, why: `The trunk cannot be used: ${reason}` }];
    }
  }

  async #lookUp(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(
      this.lines.flatMap((line) => line.hosts.map((host) => this.#lookUpHost(host, line.path.transport))),
    );
    this.#timer = setTimeout(() => void this.#lookUp(), LOOK_UP_MS).unref();
  }

  async #lookUpHost(host: string, transport: TrunkLine['path']['transport']): Promise<void> {
    const bracketed = host.includes(':') ? `[${host}]` : host;
    // A name that cannot be looked up now leads where it led before.
    const targets = await locate(
      sipUri('', bracketed),
      this.#names,
      transport ? { usual: transport } : {},
    ).catch(() => []);
    if (targets.length > 0)
      this.#note(
        host,
        targets.map(({ address }) => address),
      );
  }

  /** A name with many addresses gives some of them at a time, and calls come from the others, too: each counts for an hour. */
  #note(host: string, addresses: readonly string[]): void {
    const now = this.#now();
    const known = this.#addresses.get(host) ?? new Map<string, number>();
    this.#addresses.set(host, known);
    for (const address of addresses) {
      known.delete(address);
      known.set(address, now);
    }
    for (const [address, lastAt] of known)
      if (now - lastAt > HOUR_MS || known.size > MAX_ADDRESSES) known.delete(address);
  }
}
