import { applyWantedLayers } from './wantedLayers.ts';

/**
 * Layers are switched off only after nobody has wanted them for this long, ms: whoever turns away for a moment, or comes
 * back after a reconnect, would otherwise wait for an encoder to start.
 */
const OFF_DELAY_MS = 2000;

/** Sends the layers that somebody wants, and no others. */
export class LayerController {
  readonly #timers = new Map<RTCRtpSender, ReturnType<typeof setTimeout>>();
  readonly #applied = new Map<RTCRtpSender, number>();

  /** `maxSpatialLayer` is the highest layer that anybody wants; -1 when nobody watches. */
  setWanted(sender: RTCRtpSender, maxSpatialLayer: number): void {
    clearTimeout(this.#timers.get(sender));
    this.#timers.delete(sender);
    const applied = this.#applied.get(sender) ?? Number.POSITIVE_INFINITY;
    if (maxSpatialLayer === applied) return;
    if (maxSpatialLayer > applied) this.#apply(sender, maxSpatialLayer);
    else
      this.#timers.set(
        sender,
        setTimeout(() => this.#apply(sender, maxSpatialLayer), OFF_DELAY_MS),
      );
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#applied.clear();
  }

  #apply(sender: RTCRtpSender, maxSpatialLayer: number): void {
    this.#applied.set(sender, maxSpatialLayer);
    // A browser that refuses goes on sending what it sent: that costs bits, nothing else.
    applyWantedLayers(sender, maxSpatialLayer).catch(() => undefined);
  }
}
