import { Activity } from '../dsp/Activity.ts';
import { EchoDucker } from '../dsp/EchoDucker.ts';
import { HighPass } from '../dsp/HighPass.ts';
import { levelOf } from '../dsp/units.ts';
import type { Frame } from '../jitter/Playout.ts';
import { Loudness } from './Loudness.ts';

const TICKS_PER_SECOND = 50;

/** What a phone says, tick by tick, as others are to hear it. */
export class LegVoice {
  participantId = '';
  muted = false;
  readonly loudness = new Loudness();
  readonly #onLevel: (level: number, speaking: boolean) => void;
  readonly #highPass = new HighPass();
  readonly #activity = new Activity();
  readonly #ducker = new EchoDucker();
  #samples: Int16Array | undefined;
  #isSpeaking = false;
  #ticks = 0;

  constructor(onLevel: (level: number, speaking: boolean) => void) {
    this.#onLevel = onLevel;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** Of this tick; undefined where there is none. */
  get samples(): Int16Array | undefined {
    return this.#samples;
  }

  /** What others hear of it at this tick. */
  get heard(): Int16Array | undefined {
    return this.#isSpeaking && !this.muted ? this.#samples : undefined;
  }

  /** `roomLevel`: how loud it is what the phone was sent, dBov. */
  note(frame: Frame | undefined, { now, roomLevel }: { now: number; roomLevel: number }): void {
    const isThere = frame !== undefined && frame.kind !== 'nothing';
    this.#samples = isThere ? frame.samples : undefined;
    const level = this.#samples ? this.#prepare(this.#samples, roomLevel) : -127;
    const speaking = this.#activity.note(level) && isThere;
    this.loudness.note(speaking && !this.muted ? level : -127, now);
    this.#ticks = speaking === this.#isSpeaking ? this.#ticks + 1 : 0;
    this.#isSpeaking = speaking;
    if (this.#ticks === 0 || (speaking && this.#ticks % TICKS_PER_SECOND === 0))
      this.#onLevel(level, speaking);
  }

  #prepare(samples: Int16Array, roomLevel: number): number {
    this.#highPass.process(samples);
    const gain = this.#ducker.gainFor(levelOf(samples), roomLevel);
    if (gain !== 1)
      for (let index = 0; index < samples.length; index += 1)
        samples[index] = Math.round((samples[index] ?? 0) * gain);
    return levelOf(samples);
  }
}
