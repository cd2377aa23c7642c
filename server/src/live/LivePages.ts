import { ParleyError } from '@parley/protocol';
import { LivePage, type LivePageOptions } from './LivePage.ts';

/** The live streams that can be watched here, by their ids: who has the link may watch. */
export class LivePages {
  readonly #pages = new Map<string, LivePage>();

  open(options: LivePageOptions): LivePage {
    this.close(options.liveId);
    const page = new LivePage(options);
    this.#pages.set(options.liveId, page);
    return page;
  }

  /** @throws {ParleyError} LIVE_NOT_FOUND */
  get(liveId: string): LivePage {
    const page = this.#pages.get(liveId);
    if (!page) throw new ParleyError('LIVE_NOT_FOUND');
    return page;
  }

  /** Nobody can watch it any more. Closing what is closed does nothing. */
  close(liveId: string): void {
    this.#pages.get(liveId)?.close();
    this.#pages.delete(liveId);
  }

  closeAll(): void {
    for (const liveId of [...this.#pages.keys()]) this.close(liveId);
  }
}
