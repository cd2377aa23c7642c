import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import { Leg, type LegLink, type LegObserver, type LegProgress } from './Leg.ts';
import { newCounters, type Counters } from './counters.ts';
import { Outlet } from './Outlet.ts';
import type { MixerTools } from './tools.ts';
import { Zone, type ZoneLink } from './Zone.ts';

/** All zones and legs of one worker. It has no clock and no sockets of its own, so that a test may be both. */
export class Mixer {
  readonly counters: Counters = newCounters();
  readonly #tools: MixerTools;
  readonly #legs = new Map<string, Leg>();
  readonly #zones = new Map<string, Zone>();
  #tick = 0;

  constructor(opus: OpusCodec) {
    const { counters } = this;
    this.#tools = { opus, counters, hush: new Outlet({ opus, counters }) };
  }

  openZone(id: string, { link, audioLevelId = 0 }: { link: ZoneLink; audioLevelId?: number }): Zone {
    const zone = new Zone(id, { tools: this.#tools, link, audioLevelId });
    this.#zones.set(id, zone);
    return zone;
  }

  openLeg(
    id: string,
    options: { link: LegLink; observer: LegObserver; progress?: LegProgress | undefined },
  ): Leg {
    const leg = new Leg(id, { tools: this.#tools, ...options });
    this.#legs.set(id, leg);
    return leg;
  }

  findZone(id: string): Zone | undefined {
    return this.#zones.get(id);
  }

  findLeg(id: string): Leg | undefined {
    return this.#legs.get(id);
  }

  closeZone(id: string): void {
    this.#zones.get(id)?.close();
    this.#zones.delete(id);
  }

  closeLeg(id: string, now: number, isMoving = false): LegProgress | undefined {
    const leg = this.#legs.get(id);
    this.#legs.delete(id);
    return leg?.close(now, isMoving);
  }

  /** 20 ms of everybody. `now`: ms of the clock that packets are received by. */
  tick(now: number): void {
    this.#tick += 1;
    this.counters.ticks += 1;
    for (const leg of this.#legs.values()) leg.hear(now);
    for (const zone of this.#zones.values()) zone.mix(this.#tick, now);
    for (const leg of this.#legs.values()) leg.speak(this.#tick, now);
  }

  close(now: number): void {
    for (const id of [...this.#legs.keys()]) this.closeLeg(id, now);
    for (const id of [...this.#zones.keys()]) this.closeZone(id);
    this.#tools.hush.close();
  }
}
