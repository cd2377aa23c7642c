import { FilesError, malformed } from '../FilesError.ts';
import { NumberList } from '../NumberList.ts';
import { boxHead } from './boxes.ts';
import { parseMoof } from './fragment.ts';
import { parseInit, type Mp4Init } from './initSegment.ts';
import { TrackIndex } from './TrackIndex.ts';

/**
 * All samples of a fragmented file: gathered while it is written, or by `scanMp4` afterwards.
 * It takes about 10 bytes for each sample: 10 MB for four hours.
 */
export class Mp4Index {
  readonly init: Mp4Init;
  readonly tracks: readonly TrackIndex[];
  /** Where the media data of each fragment lies in the fragmented file. */
  readonly dataStarts = new NumberList();
  readonly dataEnds = new NumberList();
  #dataBytes = 0;

  /** @param init the init segment as it is in the file */
  constructor(init: Buffer) {
    this.init = parseInit(init);
    this.tracks = this.init.tracks.map((track) => new TrackIndex(track));
  }

  /** Bytes of media data of all fragments. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /**
   * Takes up what was appended to the file, in that order.
   * @param fragment its bytes, at least all before the media data
   * @param offset where in the file it begins
   * @throws {FilesError} MEDIA_MALFORMED; the index is as before then
   */
  add(fragment: Buffer, offset: number): void {
    const runs = parseMoof(fragment, this.init.tracks);
    const moofBytes = boxHead(fragment)?.size ?? 0;
    const mdat = boxHead(fragment.subarray(moofBytes));
    if (mdat?.type !== 'mdat') throw malformed('a moof without its mdat');
    const data = { start: moofBytes + mdat.headBytes, end: moofBytes + mdat.size };
    for (const { samples, offset: at } of runs) {
      const bytes = samples.reduce((sum, { size }) => sum + size, 0);
      if (at < data.start || at + bytes > data.end) throw malformed('a sample outside of its fragment');
    }
    for (const run of runs)
      this.tracks
        .find(({ track }) => track.trackId === run.trackId)
        ?.add(run, this.#dataBytes + run.offset - data.start);
    this.dataStarts.push(offset + data.start);
    this.dataEnds.push(offset + data.end);
    this.#dataBytes += data.end - data.start;
  }

  /** To be called once, when nothing follows. @throws {FilesError} MEDIA_EMPTY */
  end(): void {
    for (const track of this.tracks) track.end();
    if (this.dataStarts.length === 0 || this.tracks.every(({ sizes }) => sizes.length === 0))
      throw new FilesError('MEDIA_EMPTY');
  }
}
