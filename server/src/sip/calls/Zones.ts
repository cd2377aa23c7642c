import type { PhoneEvent, Talker } from '@parley/protocol/phoneProcess';
import type { SoundEngine, ZoneSound } from '../audio/engine.ts';

export interface ZoneWish {
  zoneId: string;
  audioLevelExtensionId: number;
}

/** The mixes: one for each place in rooms where there are phones. */
export class Zones {
  readonly #engine: SoundEngine;
  readonly #tell: (event: PhoneEvent) => void;
  readonly #zones = new Map<string, ZoneSound>();
  /** Those that are about to be, and not to be closed before. */
  readonly #opening = new Map<string, object>();

  constructor(engine: SoundEngine, tell: (event: PhoneEvent) => void) {
    this.#engine = engine;
    this.#tell = tell;
  }

  async open({ zoneId, audioLevelExtensionId }: ZoneWish): Promise<void> {
    this.close(zoneId);
    const opening = {};
    this.#opening.set(zoneId, opening);
    const zone = await this.#engine.openZone(zoneId, { audioLevelExtensionId });
    if (this.#opening.get(zoneId) !== opening) return zone.close();
    this.#opening.delete(zoneId);
    this.#zones.set(zoneId, zone);
    zone.onLost(() => {
      if (this.#zones.get(zoneId) !== zone) return;
      this.#zones.delete(zoneId);
      this.#tell({ type: 'zoneLost', zoneId });
    });
    this.#tell({ type: 'zoneOpened', zoneId, ...zone.receiveAt });
  }

  setTalkers(zoneId: string, talkers: readonly Talker[]): void {
    this.#zones.get(zoneId)?.setTalkers(talkers);
  }

  close(zoneId: string): void {
    this.#opening.delete(zoneId);
    this.#zones.get(zoneId)?.close();
    this.#zones.delete(zoneId);
  }
}
