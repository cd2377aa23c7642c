import type { ProgramSettings, RecorderEvent } from '@parley/protocol/recorder';
import type { Fragment } from '../files/index.ts';
import { readStream, samplesOf, type Mp4Stream } from '../live/mp4Samples.ts';
import { RtmpTarget } from '../rtmp/RtmpTarget.ts';
import { RtmpUrl } from '@parley/protocol/rtmpUrl';
import type { EncoderRun, ProgramSink } from './ProgramSink.ts';

export interface TargetSinkOptions {
  readonly targetId: string;
  readonly url: string;
  /** Whether its address may be private or otherwise special. */
  readonly allowPrivate: boolean;
  readonly settings: ProgramSettings;
  onEvent(event: Extract<RecorderEvent, { type: 'target' }>): void;
}

/** The programme, sent to a streaming service. */
export class TargetSink implements ProgramSink {
  readonly #options: TargetSinkOptions;
  readonly #target: RtmpTarget;
  #stream: Mp4Stream | undefined;

  /** @throws {ParleyError} LIVE_TARGET_INVALID */
  constructor(options: TargetSinkOptions) {
    const { targetId, url, onEvent } = options;
    this.#options = options;
    this.#target = new RtmpTarget({
      url: RtmpUrl.parse(url),
      allowPrivate: options.allowPrivate,
      onStatus: (status) =>
        onEvent({ type: 'target', targetId, ...status, bitrate: Math.round(status.bitrate) }),
    });
  }

  begin({ init }: EncoderRun): void {
    this.#stream = readStream(init.bytes, this.#options.settings);
    this.#target.start(this.#stream.config);
  }

  write(fragment: Fragment): void {
    if (!this.#stream) return;
    for (const sample of samplesOf(fragment.bytes, this.#stream)) this.#target.write(sample);
  }

  async close(): Promise<void> {
    this.#target.close();
  }
}
