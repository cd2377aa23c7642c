import type { PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import type { SoundEngine } from '../audio/engine.ts';
import { Correspondents } from '../stack/admission/Correspondents.ts';
import { admission, SourceLimits } from '../stack/admission/SourceLimits.ts';
import { UserAgent } from '../stack/UserAgent.ts';
import { CallerCheck } from './CallerCheck.ts';
import { Extensions } from './Extensions.ts';
import { IncomingCalls } from './IncomingCalls.ts';
import type { LegLimits } from './Leg.ts';
import { Legs } from './Legs.ts';
import { listenersOf, portsOf } from './listening.ts';
import { CannotDial, OutgoingCalls } from './OutgoingCalls.ts';
import { TrunkBoard } from './TrunkBoard.ts';
import { TrunkCare } from './TrunkCare.ts';
import { Zones } from './Zones.ts';

/** A port that is taken is tried again after so long, ms. */
const LISTEN_AGAIN_MS = 5000;
/** Country of numbers that come by no trunk. */
const NO_COUNTRY = 'US';
const LEAST_SESSION_S = 90;
const METRICS_MS = 5000;

/** SIP and sound as they are configured: trunks, phones of our own, calls. */
export class PhoneSystem {
  readonly legs: Legs;
  readonly zones: Zones;
  readonly #engine: SoundEngine;
  readonly #tell: (event: PhoneEvent) => void;
  readonly #board = new TrunkBoard();
  readonly #extensions: Extensions;
  readonly #limits: SourceLimits;
  readonly #correspondents = new Correspondents();
  readonly #cares = new Map<string, TrunkCare>();
  #settings: PhoneSettings;
  #agent: UserAgent | undefined;
  #outgoing: OutgoingCalls | undefined;
  #again: NodeJS.Timeout | undefined;
  #metrics: NodeJS.Timeout | undefined;
  #strangers = 0;

  constructor(settings: PhoneSettings, engine: SoundEngine, tell: (event: PhoneEvent) => void) {
    this.#settings = settings;
    this.#engine = engine;
    this.#tell = tell;
    this.legs = new Legs(tell);
    this.zones = new Zones(engine, tell);
    this.#extensions = new Extensions(settings.domain, {
      algorithms: settings.digestAlgorithms,
      presence: (extension, registered) => tell({ type: 'extension', extension, registered }),
      wrongPassword: (extension, source) =>
        tell({
          ...{ type: 'refused', trunkId: null, source, from: extension, to: '', status: 403, at: Date.now() },
          why: `A phone at ${source} wants to register as ${extension}, with a password that is not the one of this extension.`,
        }),
    });
    const rate = settings.limits.messagesPerSecond;
    this.#limits = new SourceLimits({ rate, burst: 2 * rate });
  }

  /** Under which phones of ours know this side. */
  get domain(): string {
    return this.#settings.domain;
  }

  /** Throws CannotDial where nothing is listened at. */
  get outgoing(): OutgoingCalls {
    if (!this.#outgoing) throw new CannotDial('The ports for phones are taken by another program.');
    return this.#outgoing;
  }

  /** Begins to listen; where that cannot be, the fault is told, and it is tried again. */
  async start(): Promise<void> {
    await this.configure(this.#settings);
    await this.#listen();
    this.#metrics = setInterval(() => void this.#tellMetrics(), METRICS_MS);
  }

  /** Other trunks, phones and limits. Where it listens stays as it is. Calls go on, but for those of trunks that are gone. */
  async configure(settings: PhoneSettings): Promise<void> {
    this.#settings = settings;
    this.#extensions.set(settings.extensions, settings.extensionNetworks);
    const { replaced, faults } = await this.#board.set(settings.trunks);
    for (const { leg, line } of this.legs.all)
      if (line && !this.#board.find(line.trunk.trunkId))
        leg.end({ by: 'server', why: 'The trunk was removed, or cannot be used any more.' });
    await Promise.all(replaced.map(({ trunk }) => this.#forget(trunk.trunkId)));
    for (const fault of faults)
      this.#tell({ type: 'trunk', state: { ...fault, registration: 'off', reachable: 'unknown', calls: 0 } });
    if (this.#agent) this.#careForTrunks(this.#agent);
  }

  /** Ends all calls. */
  async close(): Promise<void> {
    clearTimeout(this.#again);
    clearInterval(this.#metrics);
    this.#board.close();
    for (const { leg } of this.legs.all) leg.explain({ by: 'server', why: 'The server is shutting down.' });
    await Promise.all([...this.#cares.keys()].map((trunkId) => this.#forget(trunkId)));
    await this.#agent?.close();
    this.#extensions.close();
    await this.#engine.close();
  }

  async #listen(): Promise<void> {
    const { listen, advertisedAddress } = this.#settings;
    const { listeners, fault } = listenersOf(listen);
    try {
      this.#agent = await UserAgent.open({
        listen: listeners,
        advertised: advertisedAddress ?? undefined,
        product: 'Parley',
        onError: (error) => console.error('A message could not be dealt with:', error),
        admits: admission((address) => this.#isKnown(address), this.#limits),
        reaches: (address) => this.#correspondents.note(address),
        handlers: {
          onInvite: (call) => void this.#incoming.receive(call),
          onRegister: (request) => this.#extensions.registrar.handle(request),
        },
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell({ type: 'listening', udpPort: null, tcpPort: null, tlsPort: null, fault: reason });
      this.#again = setTimeout(() => void this.#listen(), LISTEN_AGAIN_MS);
      return;
    }
    this.#outgoing = this.#makeOutgoing(this.#agent);
    this.#tell({ type: 'listening', ...portsOf(this.#agent.listening), fault });
    this.#careForTrunks(this.#agent);
  }

  async #tellMetrics(): Promise<void> {
    // A part that mixes sound may end just then; the next figures are those of the one that takes its place.
    const counters = await this.#engine.counters().catch(() => undefined);
    if (!counters) return;
    const { ticks, lateTicks, workMs } = counters;
    const droppedMessages = this.#strangers + this.#limits.refused;
    this.#tell({
      ...{ type: 'metrics', legs: this.legs.size, lateTicks, mixingMs: ticks === 0 ? 0 : workMs / ticks },
      ...{ droppedMessages, rssBytes: process.memoryUsage.rss() },
    });
  }

  #isKnown(address: string): boolean {
    const isKnown =
      this.#extensions.mayBeAt(address) ||
      this.#board.trunksAt(address).length > 0 ||
      this.#correspondents.hears(address);
    if (!isKnown) this.#strangers += 1;
    return isKnown;
  }

  get #legLimits(): LegLimits {
    const { silentSeconds, maxCallSeconds } = this.#settings.limits;
    return { silentMs: silentSeconds * 1000, longestMs: maxCallSeconds * 1000 };
  }

  get #common() {
    const { advertisedAddress, limits } = this.#settings;
    const timer = { interval: limits.sessionSeconds, least: LEAST_SESSION_S };
    return {
      engine: this.#engine,
      mediaAddress: advertisedAddress,
      limits: this.#legLimits,
      timer,
      tell: this.#tell,
    };
  }

  get #incoming(): IncomingCalls {
    const directory = {
      trunksAt: (address: string) => this.#board.trunksAt(address),
      findExtension: (name: string) => this.#extensions.find(name),
      isForExtensions: (address: string) => this.#extensions.mayBeAt(address),
      country: this.#settings.trunks[0]?.country ?? NO_COUNTRY,
    };
    return new IncomingCalls({
      ...this.#common,
      check: new CallerCheck(directory, this.#extensions.registrar.digest),
      whyFull: () =>
        this.legs.size >= this.#settings.limits.maxCalls
          ? `There are ${this.legs.size} calls, and there may be no more at once.`
          : undefined,
      findLeg: (session) => this.legs.findBySession(session),
      reserve: (line) => this.legs.reserve(line),
      taken: (incoming, caller, from) => {
        // It is heard to the end of the call, also where its trunk is to be elsewhere from now on.
        this.#correspondents.note(from);
        this.legs.add({
          leg: incoming.leg,
          incoming,
          line: caller.kind === 'trunk' ? caller.line : undefined,
        });
      },
    });
  }

  #makeOutgoing(agent: UserAgent): OutgoingCalls {
    return new OutgoingCalls({
      ...this.#common,
      ...{ agent, domain: this.#settings.domain },
      reserve: (line) => this.legs.reserve(line),
      findTrunk: (trunkId) => this.#board.find(trunkId),
      findExtension: (extension) => this.#extensions.destinationsOf(extension),
    });
  }

  #careForTrunks(core: UserAgent): void {
    for (const line of this.#board.lines) {
      const { trunkId } = line.trunk;
      if (this.#cares.has(trunkId)) continue;
      const changed = (state: TrunkCare['state']): void => this.#tell({ type: 'trunk', state });
      this.#cares.set(trunkId, new TrunkCare(line, { core, changed }));
    }
  }

  async #forget(trunkId: string): Promise<void> {
    const care = this.#cares.get(trunkId);
    this.#cares.delete(trunkId);
    await care?.stop();
  }
}
