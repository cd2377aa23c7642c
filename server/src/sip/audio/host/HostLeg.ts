import { ParleyError } from '@parley/protocol';
import { TypedEmitter } from '../../../util/TypedEmitter.ts';
import type { LegEvents, LegSound, LegStatistics, SayOptions, SettledSound, Uplink } from '../engine.ts';
import type { LegEvent, Order } from '../worker/contract.ts';
import type { HostZone } from './HostZone.ts';
import { NO_STATISTICS, together } from './statistics.ts';
import type { WorkerHandle } from './WorkerHandle.ts';

/** An order without the leg that it is for. */
type Wish = Order extends infer O ? (O extends { legId: string } ? Omit<O, 'legId'> : never) : never;

interface Options {
  readonly port: number;
  readonly language: string | undefined;
  readonly worker: WorkerHandle;
  readonly findZone: (zoneId: string) => HostZone | undefined;
  /** `wasAgreed`: the other side knew where to send. */
  readonly onClosed: (wasAgreed: boolean) => void;
}

/** A leg, as the engine sees it: it follows its zone from worker to worker. */
export class HostLeg extends TypedEmitter<LegEvents> implements LegSound {
  readonly legId: string;
  readonly port: number;
  readonly #options: Options;
  #worker: WorkerHandle;
  #stopWatching: () => void = () => undefined;
  #former = NO_STATISTICS;
  #sound: SettledSound | undefined;
  #muted = false;
  #deaf = false;
  #lastToken = 0;
  #saying: { token: number; prompts: readonly string[]; options: SayOptions; done: () => void } | undefined;
  readonly #sending = new Map<number, () => void>();
  /** Orders that wait while it moves. */
  #held: Wish[] | undefined;
  #closing: Promise<LegStatistics> | undefined;

  /** The worker has opened it already. */
  constructor(legId: string, options: Options) {
    super();
    this.legId = legId;
    this.port = options.port;
    this.#options = options;
    this.#worker = options.worker;
    this.#attach(options.worker);
  }

  agree(sound: SettledSound): void {
    this.#sound = sound;
    this.#tell({ kind: 'agree', sound });
  }

  join(zoneId: string, member: { participantId: string; uplink: Uplink | undefined }): void {
    const zone = this.#options.findZone(zoneId);
    if (zone && zone.worker !== this.#worker && !this.#closing) void this.#move(zone.worker);
    this.#tell({ kind: 'join', zoneId, member });
  }

  leave(): void {
    this.#tell({ kind: 'leave' });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#tell({ kind: 'setMuted', muted });
  }

  setDeaf(deaf: boolean): void {
    this.#deaf = deaf;
    this.#tell({ kind: 'setDeaf', deaf });
  }

  say(prompts: readonly string[], options: SayOptions = {}): Promise<void> {
    this.#finishSaying();
    if (this.#closing || this.#worker.isGone) return Promise.resolve();
    return new Promise((done) => {
      this.#lastToken += 1;
      const token = this.#lastToken;
      this.#saying = { token, prompts, options, done };
      this.#tell({ kind: 'say', prompts, options, token });
    });
  }

  stopSaying(): void {
    this.#finishSaying();
    this.#tell({ kind: 'stopSaying' });
  }

  sendDigits(digits: string): Promise<void> {
    if (this.#sound?.telephoneEvent === undefined)
      return Promise.reject(
        new ParleyError('WRONG_STATE', {
          message: 'The other side takes no keys by RTP. Try again once the call is answered, or use INFO.',
        }),
      );
    return new Promise((done) => {
      this.#lastToken += 1;
      this.#sending.set(this.#lastToken, done);
      this.#tell({ kind: 'sendDigits', digits, token: this.#lastToken });
    });
  }

  async statistics(): Promise<LegStatistics> {
    if (this.#closing) return this.#closing;
    const { legId } = this;
    const latter = await this.#worker.ask('statistics', { legId }).catch(() => NO_STATISTICS);
    return together(this.#former, latter);
  }

  close(): Promise<LegStatistics> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<LegStatistics> {
    this.#finish();
    await this.#moved;
    const { legId } = this;
    const closed = await this.#worker.ask('closeLeg', { legId, isMoving: false }).catch(() => undefined);
    this.#detach();
    this.#options.onClosed(this.#sound !== undefined);
    return closed ? together(this.#former, closed.statistics) : this.#former;
  }

  #moved: Promise<void> = Promise.resolve();

  /** To the worker of another zone: the same ports, keys and numbers, opened there. */
  #move(to: WorkerHandle): Promise<void> {
    this.#held ??= [];
    this.#moved = this.#moved
      .then(() => this.#carryTo(to))
      .catch(() => this.#lose())
      .then(() => this.#release());
    return this.#moved;
  }

  async #carryTo(to: WorkerHandle): Promise<void> {
    const { legId, port } = this;
    if (to === this.#worker) return;
    const { statistics, progress } = await this.#worker.ask('closeLeg', { legId, isMoving: true });
    this.#former = together(this.#former, statistics);
    this.#detach();
    this.#attach(to);
    const opened = await to.ask('openLeg', { legId, port, language: this.#options.language, progress });
    if (opened !== 'open') throw new Error('Its port was taken meanwhile.');
    const saying = this.#saying;
    if (this.#sound) this.#held?.unshift({ kind: 'agree', sound: this.#sound });
    this.#held?.push({ kind: 'setMuted', muted: this.#muted }, { kind: 'setDeaf', deaf: this.#deaf });
    if (saying) this.#held?.push({ kind: 'say', ...saying });
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const wish of held) this.#tell(wish);
  }

  #tell(wish: Wish): void {
    if (this.#held) this.#held.push(wish);
    else this.#worker.tell({ ...wish, legId: this.legId });
  }

  #attach(worker: WorkerHandle): void {
    this.#worker = worker;
    worker.legs += 1;
    worker.listen(this.legId, (event) => this.#take(event));
    this.#stopWatching = worker.onLost(() => this.#lose());
  }

  #detach(): void {
    this.#stopWatching();
    this.#worker.legs -= 1;
    this.#worker.listen(this.legId, undefined);
  }

  #take(event: LegEvent): void {
    switch (event.kind) {
      case 'digit':
        return this.emit('digit', { digit: event.digit });
      case 'firstPacket':
        return this.emit('firstPacket');
      case 'silent':
        return this.emit('silent', { ms: event.ms });
      case 'level':
        return this.emit('level', { level: event.level, speaking: event.speaking });
      case 'said':
        if (this.#saying?.token === event.token) this.#finishSaying();
        return;
      case 'digitsSent':
        this.#sending.get(event.token)?.();
        this.#sending.delete(event.token);
    }
  }

  #finishSaying(): void {
    const saying = this.#saying;
    this.#saying = undefined;
    saying?.done();
  }

  /** Nothing more comes: who waits for the end of something has it. */
  #finish(): void {
    this.#finishSaying();
    for (const done of this.#sending.values()) done();
    this.#sending.clear();
  }

  #lose(): void {
    if (this.#closing) return;
    this.#finish();
    this.emit('lost');
  }
}
