import type { MessagePort } from 'node:worker_threads';
import type { Socket } from 'node:dgram';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import type { LegObserver } from '../mixer/Leg.ts';
import { Mixer } from '../mixer/Mixer.ts';
import { HOLD_MUSIC, SPOKEN } from '../prompts/names.ts';
import { PromptLibrary } from '../prompts/PromptLibrary.ts';
import { LegPorts, openSocket, sendTo } from './LegPorts.ts';
import { Ticker } from './Ticker.ts';
import type {
  FromWorker,
  LegEvent,
  Order,
  Question,
  QuestionName,
  Questions,
  ToWorker,
  WorkerSettings,
} from './contract.ts';

interface OpenLeg {
  readonly ports: LegPorts;
  readonly language: string | undefined;
  /** Of what it was told last: prompts take a while to load. */
  saying: number;
}

/** One worker: a mixer with the sockets of its legs and zones, and a clock. */
export class SoundWorker {
  readonly #port: MessagePort;
  readonly #settings: WorkerSettings;
  readonly #mixer: Mixer;
  readonly #prompts: PromptLibrary;
  readonly #ticker: Ticker;
  readonly #legs = new Map<string, OpenLeg>();
  readonly #sockets = new Map<string, Socket>();

  constructor(port: MessagePort, { settings, opus }: { settings: WorkerSettings; opus: OpusCodec }) {
    this.#port = port;
    this.#settings = settings;
    this.#mixer = new Mixer(opus);
    this.#prompts = new PromptLibrary({ folder: settings.prompts, opus });
    this.#ticker = new Ticker((now) => this.#mixer.tick(now), this.#mixer.counters);
    port.on('message', (message: ToWorker) => this.#take(message));
    this.#ticker.start();
  }

  /** Decodes what is said most, before it is wanted. */
  async preload(): Promise<void> {
    for (const name of [...SPOKEN, HOLD_MUSIC]) await this.#prompts.get(name, this.#settings.language);
  }

  #take(message: ToWorker): void {
    if (!('id' in message)) return this.#obey(message);
    const { id } = message;
    this.#answer(message).then(
      (value) => this.#post({ kind: 'answer', id, value }),
      (error: unknown) => this.#post({ kind: 'refused', id, reason: String(error) }),
    );
  }

  async #answer(question: Question): Promise<Questions[QuestionName]['answer']> {
    switch (question.kind) {
      case 'openZone':
        return this.#openZone(question);
      case 'openLeg':
        return this.#openLeg(question);
      case 'closeLeg':
        return this.#closeLeg(question);
      case 'statistics':
        return this.#leg(question.legId).statistics;
      case 'counters':
        return { ...this.#mixer.counters };
      case 'close':
        return this.#close();
    }
  }

  #obey(order: Order): void {
    if (order.kind === 'closeZone') return this.#closeZone(order.zoneId);
    if (order.kind === 'setTalkers') return this.#mixer.findZone(order.zoneId)?.setTalkers(order.talkers);
    if (order.kind === 'setSource') {
      const zone = this.#mixer.findZone(order.zoneId);
      if (zone) zone.source = order.from;
      return;
    }
    // It may have been closed while the order was on its way.
    const leg = this.#mixer.findLeg(order.legId);
    if (!leg) return;
    switch (order.kind) {
      case 'agree':
        return leg.agree(withBuffers(order.sound), performance.now());
      case 'join': {
        const zone = this.#mixer.findZone(order.zoneId);
        return zone ? leg.join(zone, order.member) : leg.leave();
      }
      case 'leave':
        return leg.leave();
      case 'setMuted':
        leg.muted = order.muted;
        return;
      case 'setDeaf':
        leg.deaf = order.deaf;
        return;
      case 'say':
        void this.#say(order);
        return;
      case 'stopSaying':
        this.#stopSaying(order.legId);
        return;
      case 'sendDigits':
        return leg.sendDigits(order.digits, order.token);
    }
  }

  async #openZone({ zoneId, audioLevelId, from }: Questions['openZone']['asked']) {
    const socket = await openSocket(this.#settings.sfuIp, 0);
    const link = {
      send: (data: Buffer, { ip, port }: { ip: string; port: number }) =>
        sendTo(socket, data, { address: ip, port }),
    };
    const zone = this.#mixer.openZone(zoneId, { link, audioLevelId });
    zone.source = from;
    this.#sockets.set(zoneId, socket);
    socket.on('message', (data, source) => zone.receive(data, source, performance.now()));
    const { address: ip, port } = socket.address();
    return { ip, port };
  }

  #closeZone(zoneId: string): void {
    this.#mixer.closeZone(zoneId);
    this.#sockets.get(zoneId)?.close();
    this.#sockets.delete(zoneId);
  }

  async #openLeg({
    legId,
    port,
    language,
    progress,
  }: Questions['openLeg']['asked']): Promise<'open' | 'taken'> {
    let ports: LegPorts;
    try {
      ports = await LegPorts.open({ ip: this.#settings.ip, port });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 'taken';
      throw error;
    }
    this.#legs.set(legId, { ports, language, saying: 0 });
    const leg = this.#mixer.openLeg(legId, { link: ports, observer: this.#observe(legId), progress });
    ports.listen({
      onRtp: (data, from) => leg.receive(data, from, performance.now()),
      onRtcp: (data, from) => leg.receiveReport(data, from, performance.now()),
    });
    return 'open';
  }

  async #closeLeg({
    legId,
    isMoving,
  }: Questions['closeLeg']['asked']): Promise<Questions['closeLeg']['answer']> {
    const { statistics } = this.#leg(legId);
    const progress = this.#mixer.closeLeg(legId, performance.now(), isMoving);
    const ports = this.#legs.get(legId)?.ports;
    this.#legs.delete(legId);
    await ports?.close();
    if (!progress) throw new Error(`There is no leg ${legId}.`);
    return { statistics, progress };
  }

  async #say({ legId, prompts, options, token }: Extract<Order, { kind: 'say' }>): Promise<void> {
    const open = this.#legs.get(legId);
    if (!open) return;
    open.saying = token;
    const language = options.language ?? open.language ?? this.#settings.language;
    const parts = await Promise.all(prompts.map((name) => this.#prompts.get(name, language)));
    if (open.saying === token) this.#mixer.findLeg(legId)?.say(parts, { ...options, token });
  }

  #stopSaying(legId: string): void {
    const open = this.#legs.get(legId);
    if (open) open.saying = 0;
    this.#mixer.findLeg(legId)?.stopSaying();
  }

  async #close(): Promise<true> {
    this.#ticker.stop();
    for (const legId of [...this.#legs.keys()]) await this.#closeLeg({ legId, isMoving: false });
    for (const zoneId of [...this.#sockets.keys()]) this.#closeZone(zoneId);
    this.#mixer.close(performance.now());
    return true;
  }

  #leg(legId: string) {
    const leg = this.#mixer.findLeg(legId);
    if (!leg) throw new Error(`There is no leg ${legId}.`);
    return leg;
  }

  #observe(legId: string): LegObserver {
    const tell = (event: LegEvent) => this.#post({ kind: 'leg', legId, event });
    return {
      digit: (digit) => tell({ kind: 'digit', digit }),
      firstPacket: () => tell({ kind: 'firstPacket' }),
      silent: (ms) => tell({ kind: 'silent', ms }),
      level: (level, speaking) => tell({ kind: 'level', level, speaking }),
      said: (token) => tell({ kind: 'said', token }),
      digitsSent: (token) => tell({ kind: 'digitsSent', token }),
    };
  }

  #post(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

/** Between threads a Buffer becomes plain bytes. */
function withBuffers(sound: Extract<Order, { kind: 'agree' }>['sound']) {
  const { srtp } = sound;
  if (!srtp) return sound;
  return { ...sound, srtp: { ...srtp, ours: Buffer.from(srtp.ours), theirs: Buffer.from(srtp.theirs) } };
}
