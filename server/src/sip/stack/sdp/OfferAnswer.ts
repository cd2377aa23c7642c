import { randomBytes, randomInt } from 'node:crypto';
import {
  answerDirection,
  type AudioDescription,
  type AudioFormat,
  type CodecName,
  type CryptoLine,
  type Direction,
  type MediaLine,
} from './model.ts';
import { readDescription } from './readDescription.ts';
import { shapeAfter, shapeOfOwn, type Shape } from './shape.ts';
import { writeDescription } from './writeDescription.ts';

/** Whether sound is encrypted: never, where the peer wants it, or always. */
export type Encryption = 'off' | 'optional' | 'required';

export interface SoundSettings {
  readonly address: string;
  readonly port: number;
  /** Best first. */
  readonly codecs: readonly CodecName[];
  readonly encryption: Encryption;
  /** Suites that are spoken, best first, and how long their keys are, bytes. */
  readonly suites: readonly { readonly name: string; readonly masterLength: number }[];
}

/** What both sides have agreed on. */
export interface AgreedSound {
  readonly remote: { readonly address: string; readonly port: number };
  /** As we see it. */
  readonly direction: Direction;
  /** What is sent. */
  readonly format: AudioFormat;
  /** What may come: an answer to us may have several, and its sender may change between them. `format` is one of them. */
  readonly formats: readonly AudioFormat[];
  readonly telephoneEvent: number | undefined;
  /** Both or none: nothing is encrypted that the other side could not read. */
  readonly srtp: { readonly suite: string; readonly ours: Buffer; readonly theirs: Buffer } | undefined;
  readonly ptime: number;
}

/** Why there is no agreement, as it is answered (RFC 3261, section 21.4.26). */
export class NoAgreement extends Error {
  override readonly name = 'NoAgreement';
}

const STATIC = { PCMU: 0, PCMA: 8, G722: 9 } as const;
const PTIME = 20;

const isSecure = (profile: string): boolean => profile.startsWith('RTP/SAVP');

/** Offer and answer of one call (RFC 3264): what was agreed on, and what is offered next. */
export class OfferAnswer {
  readonly #settings: SoundSettings;
  readonly #sessionId = randomInt(1, 2 ** 31);
  #version = 0;
  #key: CryptoLine | undefined;
  #last: { local: AudioDescription; text: string } | undefined;
  #agreed: AgreedSound | undefined;
  #shape: Shape;
  /** The sound was encrypted when our last offer was made: then so it must stay. Of the answers to one INVITE each may be as it likes. */
  #wasSealed = false;
  /** What we would like: a call that is held by us only sends. */
  #wanted: Direction = 'sendrecv';

  constructor(settings: SoundSettings) {
    this.#settings = settings;
    this.#shape = shapeOfOwn(settings.encryption === 'required' ? 'RTP/SAVP' : 'RTP/AVP');
  }

  get agreed(): AgreedSound | undefined {
    return this.#agreed;
  }

  get wanted(): Direction {
    return this.#wanted;
  }

  set wanted(direction: Direction) {
    this.#wanted = direction;
  }

  /** What was said last, to the letter, to show that nothing has changed (RFC 4028, section 7.4); an offer where nothing was said. */
  repeat(): string {
    this.#noteSeal();
    return this.#last?.text ?? this.offer();
  }

  /** An offer. Where nothing has changed it is the last description, to the letter (RFC 4028, section 7.4). */
  offer(): string {
    const { address, port, codecs, encryption } = this.#settings;
    const { lines, profile, opus, event } = this.#shape;
    this.#noteSeal();
    return this.#write(
      {
        ...{ address, port, profile, ptime: PTIME, direction: this.#wanted, telephoneEvent: event },
        formats: codecs.map((name) => ({ name, payloadType: name === 'opus' ? opus : STATIC[name] })),
        crypto: encryption === 'off' ? [] : [this.#ownKey()],
      },
      lines,
    );
  }

  /** The answer to an offer. Throws NoAgreement. */
  answer(offer: string): string {
    const remote = readDescription(offer, (all) => this.#preferred(all));
    if (!remote?.audio) throw new NoAgreement('The offer has no sound that is spoken here.');
    const theirs = remote.audio;
    const format = this.#choose(theirs.formats);
    const key = this.#acceptKey(theirs);
    const { address, port } = this.#settings;
    const direction = answerDirection(theirs.direction, this.#wanted);
    const { telephoneEvent, profile } = theirs;
    const text = this.#write(
      {
        ...{ address, port, ptime: PTIME, direction, telephoneEvent, profile },
        ...{ formats: [format], crypto: key ? [key.answer] : [] },
      },
      remote.lines,
    );
    this.#shape = shapeAfter(remote, theirs, this.#shape);
    this.#agree(theirs, { direction, format, formats: [format], srtp: key?.srtp });
    return text;
  }

  /** The other side's answer to our offer. Throws NoAgreement. */
  accept(answer: string): void {
    const theirs = readDescription(answer)?.audio;
    const local = this.#last?.local;
    if (!theirs || !local) throw new NoAgreement('The answer has no sound that was offered.');
    // Theirs is the order now, and any of them may come (RFC 3264, section 6.1).
    const formats = theirs.formats.filter(({ name }) => local.formats.some((ours) => ours.name === name));
    const [format] = formats;
    if (!format) throw new NoAgreement('No codec of the answer was offered.');
    const [line] = theirs.crypto;
    const suite = this.#settings.suites.find(({ name }) => name === line?.suite);
    if (line && this.#key && (!suite || line.master.length !== suite.masterLength))
      throw new NoAgreement('The key of the answer is none that was offered.');
    if (!line && (this.#wasSealed || this.#settings.encryption === 'required'))
      throw new NoAgreement('The other side does not encrypt the sound.');
    const srtp = line && this.#key && { suite: line.suite, ours: this.#key.master, theirs: line.master };
    const direction = answerDirection(theirs.direction, local.direction);
    this.#agree(theirs, { direction, format, formats, srtp });
  }

  #agree(
    { address, port, telephoneEvent, ptime }: AudioDescription,
    agreed: Pick<AgreedSound, 'direction' | 'format' | 'formats' | 'srtp'>,
  ): void {
    this.#agreed = { ...agreed, remote: { address, port }, telephoneEvent, ptime };
  }

  /** Of several sounds the first that can be spoken, but an encrypted one before others where both are possible. */
  #preferred(all: readonly AudioDescription[]): AudioDescription | undefined {
    const { codecs } = this.#settings;
    const usable = all.filter(
      (one) => this.#isUsable(one) && one.formats.some(({ name }) => codecs.includes(name)),
    );
    return usable.find(({ profile }) => isSecure(profile)) ?? usable[0] ?? all[0];
  }

  #isUsable({ profile, crypto }: AudioDescription): boolean {
    const { encryption, suites } = this.#settings;
    if (encryption !== 'off' && this.#findKey(crypto, suites)) return true;
    return encryption !== 'required' && !isSecure(profile);
  }

  /** Ours is the order: what sounds best is what they can, too. */
  #choose(offered: readonly AudioFormat[]): AudioFormat {
    for (const codec of this.#settings.codecs) {
      const format = offered.find(({ name }) => name === codec);
      if (format) return format;
    }
    throw new NoAgreement('No codec of the other side is spoken here.');
  }

  /** With SAVP a key is a must; with AVP it is an offer that may be taken (RFC 8643). */
  #acceptKey({
    profile,
    crypto,
  }: AudioDescription): { answer: CryptoLine; srtp: AgreedSound['srtp'] } | undefined {
    const { encryption, suites } = this.#settings;
    const line = encryption === 'off' ? undefined : this.#findKey(crypto, suites);
    if (!line && (isSecure(profile) || encryption === 'required'))
      throw new NoAgreement(
        isSecure(profile) ? 'No key of the offer can be used here.' : 'Sound must be encrypted here.',
      );
    if (!line) return undefined;
    const ours =
      this.#key?.master.length === line.master.length ? this.#key.master : randomBytes(line.master.length);
    this.#key = { tag: line.tag, suite: line.suite, master: ours };
    return { answer: this.#key, srtp: { suite: line.suite, ours, theirs: line.master } };
  }

  #findKey(crypto: readonly CryptoLine[], suites: SoundSettings['suites']): CryptoLine | undefined {
    return crypto.find(({ suite, master }) =>
      suites.some(({ name, masterLength }) => name === suite && masterLength === master.length),
    );
  }

  #ownKey(): CryptoLine {
    const [best] = this.#settings.suites;
    if (!best) throw new NoAgreement('There is no suite to encrypt with.');
    this.#key ??= { tag: 1, suite: best.name, master: randomBytes(best.masterLength) };
    return this.#key;
  }

  #noteSeal(): void {
    this.#wasSealed = this.#agreed?.srtp !== undefined;
  }

  #write(local: AudioDescription, lines: readonly MediaLine[]): string {
    const sessionId = this.#sessionId;
    const same = writeDescription(local, lines, { sessionId, version: this.#version });
    if (same !== this.#last?.text) this.#version += 1;
    const text = writeDescription(local, lines, { sessionId, version: this.#version });
    this.#last = { local, text };
    return text;
  }
}
