import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { LegEnd, LegPlace, PhoneKeyAction, PromptName } from '@parley/protocol/phoneProcess';
import { SerialQueue } from '../../util/SerialQueue.ts';
import { digitOfInfo } from '../audio/dtmf/infoDigits.ts';
import { OncePerKey } from '../audio/dtmf/OncePerKey.ts';
import type { LegSound } from '../audio/engine.ts';
import type { AgreedSound } from '../stack/sdp/OfferAnswer.ts';
import type { IncomingRefer } from '../stack/session/IncomingRefer.ts';
import type { EndCause } from '../stack/session/types.ts';
import { pressByInfo } from './infoKeys.ts';
import { KeyCommands } from './KeyCommands.ts';
import { legEndOf, type OwnEnd } from './legEnd.ts';
import type { LegSession } from './LegSession.ts';
import { settledSound } from './settledSound.ts';

/** A prompt may keep the end of a call waiting so long, ms. */
const LAST_WORDS_MS = 6000;
/** Keys that are kept until somebody listens. */
const MAX_EARLY = 20;
/** Of `,` among digits, ms. */
const PAUSE_MS = 500;

export interface LegLimits {
  /** Without sound, not on hold: the leg ends. */
  readonly silentMs: number;
  readonly longestMs: number;
}

export interface LegParts {
  readonly legId: string;
  readonly session: LegSession;
  readonly sound: LegSound;
  /** What was agreed on in the session. */
  readonly offers: { readonly agreed: AgreedSound | undefined };
  /** See Trunk. */
  readonly symmetric: boolean;
  /** Address that the INVITE came from; absent of a call that is made. */
  readonly calledFrom?: string | undefined;
  /** Keys are looked for in the sound, too: see Trunk. */
  readonly tones: boolean;
  readonly limits: LegLimits;
}

export interface LegEvents {
  /** Its sound is agreed on: before the answer, for an announcement, or with it. */
  agreed: [];
  established: [];
  held: [isHeld: boolean];
  key: [PhoneKeyAction];
  refer: [IncomingRefer];
  ended: [LegEnd];
}

/** One phone: its call and its sound, from the first message to the last. */
export class Leg extends EventEmitter<LegEvents> {
  readonly legId: string;
  readonly session: LegSession;
  readonly #sound: LegSound;
  readonly #parts: LegParts;
  readonly #startedAt = Date.now();
  #answeredAt: number | null = null;
  #isHeld = false;
  /** Since when sound is expected of it, on the clock of performance.now(): since the answer, or since it holds the call no more. */
  #listeningSince = 0;
  #own: OwnEnd | undefined;
  #longest: NodeJS.Timeout | undefined;
  readonly #once = new OncePerKey();
  /** Those that are sent: INFO would overtake INFO. */
  readonly #keys = new SerialQueue();
  #listener: ((key: string) => void) | undefined;
  /** Keys that were pressed before anybody listened: who is answered may dial on at once. */
  #early: string[] | undefined = [];
  /** Where it is: what was said for one place is not followed by the music of it when it is elsewhere. */
  #place: LegPlace | undefined;

  constructor(parts: LegParts) {
    super();
    const { legId, session, sound } = parts;
    this.#parts = parts;
    this.legId = legId;
    this.session = session;
    this.#sound = sound;
    this.#listenToSession();
    sound.on('digit', ({ digit }) => this.#press(digit, 'sound'));
    sound.on('silent', ({ ms }) => this.#fellSilent(ms));
    sound.on('lost', () =>
      this.end({ by: 'server', why: 'A part of the server that mixes sound has failed.' }),
    );
  }

  get isEstablished(): boolean {
    return this.#answeredAt !== null;
  }

  get codec(): string {
    return this.#parts.offers.agreed?.format.name ?? '';
  }

  /** Whether it stands; false when it has ended before. */
  async untilEstablished(): Promise<boolean> {
    if (this.session.state === 'early')
      await new Promise<void>((resolve) => {
        this.once('established', resolve);
        this.once('ended', () => resolve());
      });
    return this.session.state === 'established';
  }

  /** Who hears the keys from now on; nobody without. */
  set keyListener(listener: ((key: string) => void) | undefined) {
    this.#listen(listener);
  }

  /** To this leg alone; resolves when it is through, or something else is said. */
  say(prompts: readonly PromptName[], over: 'alone' | 'room' = 'alone'): Promise<void> {
    return this.#sound.say(prompts, { over });
  }

  stopSaying(): void {
    this.#sound.stopSaying();
  }

  place(place: LegPlace): void {
    this.#place = place;
    if (place.kind === 'waiting') void this.#wait(place);
    else this.#enter(place);
  }

  setMuted(muted: boolean): void {
    this.#sound.setMuted(muted);
  }

  /** `,` waits half a second. What is sent before all of it is through comes behind it. */
  sendDigits(digits: string): Promise<void> {
    return this.#keys.run(async () => {
      for (const [index, part] of digits.split(',').entries()) {
        if (index > 0) await delay(PAUSE_MS);
        if (part !== '') await this.#sendKeys(part);
      }
    });
  }

  #sendKeys(keys: string): Promise<void> {
    const takesEvents = this.#parts.offers.agreed?.telephoneEvent !== undefined;
    return takesEvents ? this.#sound.sendDigits(keys) : pressByInfo(this.session, keys);
  }

  /** After the prompt, where one can be heard. */
  async endAfter(prompt: PromptName | null, own: OwnEnd): Promise<void> {
    this.#listener = undefined;
    if (prompt !== null && this.isEstablished) {
      this.#sound.leave();
      await Promise.race([this.say([prompt]), delay(LAST_WORDS_MS, undefined, { ref: false })]);
    }
    this.end(own);
  }

  /** Why it will be over; the first to say so is right. */
  explain(own: OwnEnd): void {
    this.#own ??= own;
  }

  end(own: OwnEnd): void {
    this.explain(own);
    // Resolves when the peer knows, which nobody waits for: `ended` comes at once.
    void this.session.end({ protocol: 'SIP', cause: 200, text: own.why });
  }

  #listenToSession(): void {
    const { session } = this;
    session.on('progress', () => this.#agree());
    session.on('changed', () => this.#agree());
    session.once('established', () => this.#established());
    session.on('held', (isHeld) => {
      this.#isHeld = isHeld;
      this.#listeningSince = performance.now();
      this.emit('held', isHeld);
    });
    session.on('info', ({ contentType, body }) => {
      const digit = digitOfInfo(contentType, body);
      if (digit !== undefined) this.#press(digit, 'info');
    });
    session.on('refer', (refer) => {
      if (!this.emit('refer', refer)) refer.reject();
    });
    session.once('ended', (cause) => void this.#ended(cause));
  }

  #press(digit: string, way: string): void {
    if (!this.#once.isNew(digit, way, performance.now())) return;
    if (this.#listener) this.#listener(digit);
    else if (this.#early && this.#early.length < MAX_EARLY) this.#early.push(digit);
  }

  #listen(listener: ((key: string) => void) | undefined): void {
    this.#listener = listener;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const key of early) this.#listener?.(key);
  }

  #agree(): void {
    const { offers, symmetric, tones } = this.#parts;
    if (!offers.agreed) return;
    const signalledFrom = this.session.peerAddress ?? this.#parts.calledFrom;
    this.#sound.agree(settledSound(offers.agreed, { symmetric, tones, signalledFrom }));
    this.emit('agreed');
  }

  #established(): void {
    this.#answeredAt = Date.now();
    this.#listeningSince = performance.now();
    this.#longest = setTimeout(
      () => this.end({ by: 'server', why: 'The call has lasted as long as calls may here.' }),
      this.#parts.limits.longestMs,
    );
    this.#agree();
    this.emit('established');
  }

  async #wait({ prompt }: Extract<LegPlace, { kind: 'waiting' }>): Promise<void> {
    const place = this.#place;
    this.#sound.leave();
    this.#listen(undefined);
    if (prompt !== null) await this.say([prompt]);
    if (this.#place === place) await this.#sound.say(['music'], { loop: true });
  }

  #enter({ zoneId, participantId, uplink, muted, prompt }: Extract<LegPlace, { kind: 'zone' }>): void {
    const commands = new KeyCommands((action) => this.emit('key', action));
    this.#listen((key) => commands.press(key));
    this.#sound.setMuted(muted);
    this.#sound.join(zoneId, { participantId, uplink: uplink ?? undefined });
    this.#sound.stopSaying();
    if (prompt !== null) void this.say([prompt], 'room');
  }

  #fellSilent(ofSound: number): void {
    const { silentMs } = this.#parts.limits;
    // On hold a phone may well send nothing: the session timer knows whether it is there.
    if (this.#isHeld || !this.isEstablished) return;
    const ms = Math.min(ofSound, performance.now() - this.#listeningSince);
    if (ms < silentMs) return;
    this.end({ by: 'server', why: `The phone has sent no sound for ${Math.round(ms / 1000)} s.` });
  }

  async #ended(cause: EndCause): Promise<void> {
    const endedAt = Date.now();
    clearTimeout(this.#longest);
    this.#listener = undefined;
    const { direction } = this.session;
    const statistics = await this.#sound.close().catch(() => undefined);
    const times = { startedAt: this.#startedAt, answeredAt: this.#answeredAt, endedAt };
    this.emit('ended', legEndOf({ direction, cause, own: this.#own, statistics }, times));
  }
}
