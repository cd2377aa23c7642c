import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CustomSource, EncodedPacketSink, Input, MATROSKA, WEBM, type EncodedPacket } from 'mediabunny';
import { growingName } from '../../sinks/partNames.ts';
import { openVault, type VaultKey, type VaultReader } from '../../vault/index.ts';

/** One picture or piece of sound as it was sent. */
export interface TrackPacket {
  readonly data: Buffer;
  /** Since the beginning of the file, ms. */
  readonly at: number;
  readonly keyFrame: boolean;
}

/** The file of one track, finished or as a crash has left it. */
export class TrackReader {
  readonly durationMs: number;
  readonly #vault: VaultReader;
  readonly #input: Input;
  readonly #sink: EncodedPacketSink;

  private constructor(o: { vault: VaultReader; input: Input; sink: EncodedPacketSink; durationMs: number }) {
    this.#vault = o.vault;
    this.#input = o.input;
    this.#sink = o.sink;
    this.durationMs = o.durationMs;
  }

  /** @returns undefined where nothing can be read of it @throws {VaultError} VAULT_WRONG_KEY, VAULT_TAMPERED */
  static async open(
    { folder, file }: { folder: string; file: string },
    keys: readonly VaultKey[],
  ): Promise<TrackReader | undefined> {
    const path = [file, growingName(file)].map((name) => join(folder, name)).find((name) => existsSync(name));
    if (path === undefined) return undefined;
    const vault = await openVault(path, { keys, salvage: true });
    const source = new CustomSource({
      getSize: () => vault.size,
      read: (start, end) => vault.bytes(start, end),
    });
    const input = new Input({ source, formats: [WEBM, MATROSKA] });
    const track = (await input.canRead()) ? (await input.getTracks())[0] : undefined;
    if (!track) {
      input.dispose();
      await vault.close();
      return undefined;
    }
    const durationMs = Math.round((await input.computeDuration()) * 1000);
    return new TrackReader({ vault, input, sink: new EncodedPacketSink(track), durationMs });
  }

  /** The last key frame that is not after a time (ms); where it stands. */
  async keyBefore(at: number): Promise<number | undefined> {
    const packet = await this.#sink.getKeyPacket(Math.max(0, at) / 1000);
    return packet ? packet.timestamp * 1000 : undefined;
  }

  /** All from the last key frame that is not after `at` (ms). */
  async *from(at: number): AsyncGenerator<TrackPacket> {
    const first = (await this.#sink.getKeyPacket(at / 1000)) ?? (await this.#sink.getFirstPacket());
    if (first) for await (const packet of this.#sink.packets(first)) yield packetOf(packet);
  }

  async close(): Promise<void> {
    this.#input.dispose();
    await this.#vault.close();
  }
}

function packetOf({ data, timestamp, type }: EncodedPacket): TrackPacket {
  const { buffer, byteOffset, byteLength } = data;
  return {
    data: Buffer.from(buffer, byteOffset, byteLength),
    at: timestamp * 1000,
    keyFrame: type === 'key',
  };
}
