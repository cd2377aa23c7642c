import { applyWantedLayers } from './wantedLayers.ts';

/**
 * Layers are switched off only after nobody has wanted them for this long, ms: whoever turns away for a moment, or comes
 * back after a reconnect, would otherwise wait for an encoder to start.
 */
export const OFF_DELAY_MS = 2000;

interface Wanted {
  applied: number;
  /** The step down that is due. */
  next?: { maxSpatialLayer: number; timer: ReturnType<typeof setTimeout> };
}

/** Sends the layers that somebody wants, and no others. */
export class LayerController<Sender extends object = RTCRtpSender> {
  readonly #apply: (sender: Sender, maxSpatialLayer: number) => Promise<void>;
  readonly #senders = new Map<Sender, Wanted>();

  constructor(apply: (sender: Sender, maxSpatialLayer: number) => Promise<void>) {
    this.#apply = apply;
  }

  static forRtp(): LayerController {
    return new LayerController(applyWantedLayers);
  }

  /** `maxSpatialLayer` is the highest layer that anybody wants; -1 when nobody watches. */
  setWanted(sender: Sender, maxSpatialLayer: number): void {
    const wanted = this.#senders.get(sender) ?? { applied: Number.POSITIVE_INFINITY };
    this.#senders.set(sender, wanted);
    if (wanted.next?.maxSpatialLayer === maxSpatialLayer) return;
    clearTimeout(wanted.next?.timer);
    delete wanted.next;
    if (maxSpatialLayer > wanted.applied) this.#change(sender, wanted, maxSpatialLayer);
    else if (maxSpatialLayer < wanted.applied) {
      const timer = setTimeout(() => this.#change(sender, wanted, maxSpatialLayer), OFF_DELAY_MS);
      wanted.next = { maxSpatialLayer, timer };
    }
  }

  close(): void {
    for (const { next } of this.#senders.values()) clearTimeout(next?.timer);
    this.#senders.clear();
  }

  #change(sender: Sender, wanted: Wanted, maxSpatialLayer: number): void {
    delete wanted.next;
    wanted.applied = maxSpatialLayer;
    // A browser that refuses goes on sending what it sent: that costs bits, nothing else.
    this.#apply(sender, maxSpatialLayer).catch(() => undefined);
  }
}
