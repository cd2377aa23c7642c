import { malformed } from '../FilesError.ts';
import type { Fragment, InitSegment } from '../types.ts';
import { describeCluster } from './cluster.ts';
import { elementHead, elementStart, endsCluster, ID } from './ebml.ts';
import { parseWebmInit, type WebmInit } from './webmInit.ts';

/** No cluster of a second or two is larger; more is a sign that the stream is not what we think. */
const MAX_ELEMENT_BYTES = 256 * 1024 * 1024;

interface Whole {
  id: number;
  bytes: Buffer;
}

/**
 * Splits a live WebM stream, as it comes in pieces of any size, into what stands before the first cluster and clusters.
 * `const items = clusters.push(chunk)` for each piece, and `end()` for a last cluster that does not say how long it is.
 */
export class WebmClusters {
  #pieces: Buffer[] = [];
  #held = 0;
  /** As many bytes must be there for anything to be complete. */
  #needed = 0;
  #headers: Buffer[] = [];
  #headerBytes = 0;
  #init: WebmInit | undefined;

  /** Bytes that are not part of anything complete yet. */
  get pendingBytes(): number {
    return this.#held + this.#headerBytes;
  }

  /** @throws {FilesError} MEDIA_MALFORMED; nothing further can be read then */
  push(chunk: Buffer): (InitSegment | Fragment)[] {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    return this.#take(false);
  }

  /** The stream has ended: a cluster of unknown length ends here. */
  end(): (InitSegment | Fragment)[] {
    this.#needed = 0;
    return this.#take(true);
  }

  #take(isEnd: boolean): (InitSegment | Fragment)[] {
    const items: (InitSegment | Fragment)[] = [];
    if (this.#held < this.#needed) return items;
    const bytes = Buffer.concat(this.#pieces);
    let at = 0;
    for (;;) {
      const whole = this.#wholeAt(bytes.subarray(at), isEnd);
      if (!whole) break;
      at += whole.bytes.length;
      items.push(...this.#handle(whole));
    }
    const rest = bytes.subarray(at);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    return items;
  }

  /** The element that begins here, if all of it is there. Of the segment, which has no end: its head. */
  #wholeAt(bytes: Buffer, isEnd: boolean): Whole | undefined {
    this.#needed = 0;
    const head = elementHead(bytes);
    if (!head) return undefined;
    if (head.id === ID.Segment) return { id: head.id, bytes: bytes.subarray(0, head.headBytes) };
    const size = head.size ?? (head.id === ID.Cluster ? unknownSize(bytes, head.headBytes, isEnd) : NaN);
    if (size === undefined) return undefined;
    const total = head.headBytes + size;
    if (!(total <= MAX_ELEMENT_BYTES)) throw malformed('an element of no length');
    this.#needed = total;
    if (bytes.length < total) return undefined;
    this.#needed = 0;
    return { id: head.id, bytes: bytes.subarray(0, total) };
  }

  #handle({ id, bytes }: Whole): (InitSegment | Fragment)[] {
    if (id !== ID.Cluster) {
      // What comes behind clusters is of use to nobody: finishing makes its own.
      if (this.#init) return [];
      this.#headers.push(bytes);
      this.#headerBytes += bytes.length;
      return [];
    }
    const items: (InitSegment | Fragment)[] = [];
    if (!this.#init) items.push(this.#readInit());
    const cluster = this.#init && describeCluster(withSize(bytes), this.#init.tracks);
    return cluster && cluster.tracks.length > 0 ? [...items, cluster] : items;
  }

  #readInit(): InitSegment {
    const bytes = Buffer.concat(this.#headers);
    this.#headers = [];
    this.#headerBytes = 0;
    this.#init = parseWebmInit(bytes);
    return { kind: 'init', bytes, tracks: this.#init.tracks };
  }
}

/** How far a cluster goes that does not say so: up to an element that cannot be in it. */
function unknownSize(bytes: Buffer, start: number, isEnd: boolean): number | undefined {
  for (let at = start; ;) {
    const head = elementHead(bytes, at);
    if (head && endsCluster(head.id)) return at - start;
    if (!head || head.size === null || at + head.headBytes + head.size > bytes.length)
      return isEnd && at > start ? at - start : undefined;
    at += head.headBytes + head.size;
  }
}

/** A cluster that says how long it is. */
function withSize(bytes: Buffer): Buffer {
  const head = elementHead(bytes);
  if (!head || head.size !== null) return bytes;
  const content = bytes.subarray(head.headBytes);
  return Buffer.concat([elementStart(ID.Cluster, content.length), content]);
}
