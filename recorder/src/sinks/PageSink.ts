import type { ProgramSettings, RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import type { Fragment } from '../files/index.ts';
import { HlsFolder } from '../live/HlsFolder.ts';
import { readStream } from '../live/mp4Samples.ts';
import { VaultError } from '../vault/index.ts';
import type { EncoderRun, ProgramSink } from './ProgramSink.ts';

type OpenPage = Extract<RecorderCommand, { type: 'openPage' }>;

export interface PageSinkOptions {
  readonly page: OpenPage;
  readonly settings: ProgramSettings;
  readonly reserveBytes: number;
  onEvent(event: Extract<RecorderEvent, { type: 'pageInit' | 'pagePart' }>): void;
  /** What viewers see stands still until it can be written again; told once, with the reason for people. */
  onFailed(message: string): void;
}

/** The programme as files that the server's viewer page plays. */
export class PageSink implements ProgramSink {
  readonly #options: PageSinkOptions;
  readonly #folder: HlsFolder;

  constructor(options: PageSinkOptions) {
    this.#options = options;
    this.#folder = new HlsFolder({
      ...options.page,
      reserveBytes: options.reserveBytes,
      onPart: options.onEvent,
      onFailed: (error) => options.onFailed(VaultError.fromSystem(error).message),
    });
  }

  begin({ init }: EncoderRun): void {
    const { codecs } = readStream(init.bytes, this.#options.settings);
    void this.#folder.start({ bytes: init.bytes, onWritten: (file) => this.#tellInit(file, codecs) });
  }

  write(fragment: Fragment): void {
    this.#folder.write(fragment);
  }

  close(): Promise<void> {
    return this.#folder.close();
  }

  #tellInit(file: string, codecs: string): void {
    const { settings, page, onEvent } = this.#options;
    const { width, height, frameRate } = settings;
    const bandwidth = Math.round(1.1 * (settings.videoBitrate + settings.audioBitrate));
    onEvent({ type: 'pageInit', liveId: page.liveId, file, codecs, bandwidth, width, height, frameRate });
  }
}
