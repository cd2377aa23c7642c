import { malformed } from '../FilesError.ts';
import type { Fragment, InitSegment } from '../types.ts';
import { boxHead } from './boxes.ts';
import { describeFragment } from './fragment.ts';
import { parseInit, type Mp4Init } from './initSegment.ts';

/** No fragment of a second or two is larger; more is a sign that the stream is not what we think. */
const MAX_BOX_BYTES = 256 * 1024 * 1024;

/**
 * Splits the encoder's output (fragmented MP4, as it comes, in pieces of any size) into the init segment and fragments.
 * `const items = fragments.push(chunk)` for each piece; what is not complete waits for the next.
 */
export class Mp4Fragments {
  #pieces: Buffer[] = [];
  #held = 0;
  /** The head of the box that is coming. */
  #next: ReturnType<typeof boxHead>;
  #headers: Buffer[] = [];
  #moof: Buffer | undefined;
  #init: Mp4Init | undefined;

  /** Bytes that are not part of anything complete yet. */
  get pendingBytes(): number {
    const headers = this.#headers.reduce((sum, { length }) => sum + length, 0);
    return this.#held + headers + (this.#moof?.length ?? 0);
  }

  /** @throws {FilesError} MEDIA_MALFORMED; nothing further can be read then */
  push(chunk: Buffer): (InitSegment | Fragment)[] {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    const items: (InitSegment | Fragment)[] = [];
    for (let box = this.#takeBox(); box; box = this.#takeBox()) {
      const item = this.#handleBox(box.type, box.bytes);
      if (item) items.push(item);
    }
    return items;
  }

  #takeBox(): { type: string; bytes: Buffer } | undefined {
    this.#next ??= boxHead(this.#peek());
    if (!this.#next) return undefined;
    const { type, headBytes, size } = this.#next;
    if (size < headBytes || size > MAX_BOX_BYTES) throw malformed(`a box ${type} of ${String(size)} bytes`);
    if (this.#held < size) return undefined;
    const all = Buffer.concat(this.#pieces);
    const rest = all.subarray(size);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    this.#next = undefined;
    return { type, bytes: all.subarray(0, size) };
  }

  /** At least as many bytes as the head of a box may have, if there are. */
  #peek(): Buffer {
    const [first] = this.#pieces;
    return first && first.length >= 16 ? first : Buffer.concat(this.#pieces);
  }

  #handleBox(type: string, bytes: Buffer): InitSegment | Fragment | undefined {
    if (!this.#init) {
      if (type === 'ftyp' || type === 'moov') this.#headers.push(bytes);
      return type === 'moov' ? this.#readInit() : undefined;
    }
    // Others (styp, sidx, prft, mfra) say nothing that is not in these two.
    if (type === 'moof') this.#moof = bytes;
    if (type !== 'mdat' || !this.#moof) return undefined;
    const fragment = Buffer.concat([this.#moof, bytes]);
    this.#moof = undefined;
    const described = describeFragment(fragment, this.#init.tracks);
    return described.tracks.length > 0 ? described : undefined;
  }

  #readInit(): InitSegment {
    const bytes = Buffer.concat(this.#headers);
    this.#headers = [];
    this.#init = parseInit(bytes);
    const tracks = this.#init.tracks.map(({ trackId, kind, codec, timescale }) => ({
      ...{ trackId, kind, codec, timescale },
    }));
    return { kind: 'init', bytes, tracks };
  }
}
