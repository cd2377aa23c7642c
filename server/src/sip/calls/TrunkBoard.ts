import { setTimeout as pass } from 'node:timers/promises';
import type { Trunk } from '@parley/protocol';
import { locate } from '../stack/transport/locate.ts';
import { systemNames } from '../stack/transport/systemNames.ts';
import { AddressList } from '../stack/admission/AddressList.ts';
import { sipUri, TrunkLine } from './TrunkLine.ts';

/** Names of hosts may lead elsewhere after so long, ms. */
const LOOK_UP_MS = 60_000;

/** Calls do not wait longer for names of hosts than this, ms. */
const LOOK_UP_WAIT_MS = 2_000;

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
  /** Of hosts that trunks name. */
  readonly #addresses = new Map<string, ReadonlySet<string>>();
  #timer: NodeJS.Timeout | undefined;

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
      systemNames,
      transport ? { usual: transport } : {},
    ).catch(() => []);
    if (targets.length > 0) this.#addresses.set(host, new Set(targets.map(({ address }) => address)));
  }
}
