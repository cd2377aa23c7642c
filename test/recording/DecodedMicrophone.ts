import { AudioDecoder } from '@parley/recorder/internal/decode/AudioDecoder.ts';
import type { AudioBlock } from '@parley/recorder/internal/room/ProgramInput.ts';
import { SyntheticAudio } from '@parley/recorder/internal/testing/SyntheticRoom.ts';

/** A microphone whose packets are decoded as those of a room are. */
export class DecodedMicrophone extends SyntheticAudio {
  readonly #packets: readonly Buffer[];
  readonly #decoder: Promise<AudioDecoder>;
  readonly #listening = new Set<(block: AudioBlock) => void>();

  constructor(packets: readonly Buffer[]) {
    super(0);
    this.#packets = packets;
    this.#decoder = AudioDecoder.create((block) => {
      for (const listener of this.#listening) listener(block);
    });
  }

  override listen(listener: (block: AudioBlock) => void): () => void {
    this.#listening.add(listener);
    return () => this.#listening.delete(listener);
  }

  override send(index: number, capturedAt: number): void {
    const data = this.#packets[index % this.#packets.length];
    if (!data) return;
    const times = { rtpTimestamp: index * 960, arrivedAt: capturedAt, capturedAt };
    void this.#decoder.then((decoder) => decoder.push({ data, keyFrame: true, rotation: 0, ...times }));
  }
}
