import type { OutStream } from '../rtp/OutStream.ts';
import type { ReceptionCount } from '../rtp/ReceptionCount.ts';
import { middleOf, readRtcp, writeRtcp, type ReportBlock } from '../rtp/rtcp.ts';

/** RTCP of one call, both ways. */
export class LegReports {
  readonly #cname: string;
  #theirs: { middle: number; at: number } | undefined;
  #roundTripMs: number | undefined;
  #remoteLoss: number | undefined;

  constructor(cname: string) {
    this.#cname = cname;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** What of our packets is lost of late, 0 to 1. */
  get remoteLoss(): number | undefined {
    return this.#remoteLoss;
  }

  /** `ssrc`: ours. `at`: ms. */
  receive(data: Buffer, { ssrc, at }: { ssrc: number; at: number }): void {
    for (const { sender, blocks } of readRtcp(data)) {
      if (sender) this.#theirs = { middle: sender.middle, at };
      const block = blocks.find((one) => one.ssrc === ssrc);
      if (block) this.#note(block);
    }
  }

  write({
    stream,
    count,
    at,
    goodbye = false,
  }: {
    stream: OutStream;
    count: ReceptionCount;
    at: number;
    goodbye?: boolean;
  }): Buffer {
    const report = count.report();
    const theirs = this.#theirs;
    const delay = theirs ? Math.round(((at - theirs.at) * 65_536) / 1000) : 0;
    const blocks = report ? [{ ...report, lastSenderReport: theirs?.middle ?? 0, delay }] : [];
    const sender = stream.packets > 0 ? stream.senderInfo : undefined;
    return writeRtcp({ ssrc: stream.ssrc, sender, blocks, cname: this.#cname, goodbye });
  }

  #note({ fractionLost, lastSenderReport, delay }: ReportBlock): void {
    this.#remoteLoss = fractionLost;
    if (lastSenderReport === 0) return;
    const units = (middleOf(Date.now()) - lastSenderReport - delay) | 0;
    if (units >= 0) this.#roundTripMs = (units * 1000) / 65_536;
  }
}
