/** Many phones at once, PCMU, on loopback: some speak in bursts, the others listen, and it is seen when each burst arrives. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const FRAME = 160;
const TICK_MS = 20;
/** A burst of tone for so many ticks, then silence for as many. */
const BURST_TICKS = 25;
const SILENCE = 0xff;
/** µ-law has its largest values near 0 and 128, and near nothing at 127 and 255. */
const isLoud = (byte: number): boolean => (byte & 0x7f) < 0x40;

interface Phone {
  readonly socket: Socket;
  readonly speaks: boolean;
  readonly room: number;
  target: number;
  sequence: number;
  heardLoud: boolean;
  received: number;
}

export interface LoadResult {
  /** From sending the first packet of a burst to getting the first that is loud, ms. */
  readonly delays: number[];
  readonly sent: number;
  readonly received: number;
  /** Bursts that somebody who should hear them did not. */
  readonly missed: number;
}

export class PhoneLoad {
  readonly #phones: readonly Phone[];
  readonly #rooms: number;
  readonly #burstAt: number[];
  #delays: number[] = [];
  #expected = 0;
  #sent = 0;
  #tick = 0;

  /** In each room the first phone speaks. */
  static async open({ rooms, perRoom }: { rooms: number; perRoom: number }): Promise<PhoneLoad> {
    const phones: Phone[] = [];
    for (let room = 0; room < rooms; room += 1)
      for (let index = 0; index < perRoom; index += 1) {
        const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 18 });
        socket.bind(0, '127.0.0.1');
        await once(socket, 'listening');
        phones.push({
          socket,
          speaks: index === 0,
          room,
          target: 0,
          sequence: 0,
          heardLoud: true,
          received: 0,
        });
      }
    return new PhoneLoad(phones, rooms);
  }

  private constructor(phones: readonly Phone[], rooms: number) {
    this.#phones = phones;
    this.#rooms = rooms;
    this.#burstAt = Array<number>(rooms).fill(0);
    for (const phone of phones) phone.socket.on('message', (data) => this.#hear(phone, data));
  }

  /** Ports of the phones, room by room. */
  get rooms(): number[][] {
    return Array.from({ length: this.#rooms }, (_, room) =>
      this.#phones.filter((phone) => phone.room === room).map(({ socket }) => socket.address().port),
    );
  }

  set targets(ports: readonly number[]) {
    this.#phones.forEach((phone, index) => (phone.target = ports[index] ?? 0));
  }

  /** All speak and listen for so long; what is in the first `settleSeconds` does not count. */
  async run({ seconds, settleSeconds }: { seconds: number; settleSeconds: number }): Promise<LoadResult> {
    const begin = performance.now();
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        // A fifth of the phones every 4 ms: the load is even, as it is from a network.
        while (this.#tick * 4 < performance.now() - begin) {
          if (this.#tick * 4 === settleSeconds * 1000) this.#reset();
          this.#step(this.#tick);
          this.#tick += 1;
        }
        if (this.#tick * 4 < seconds * 1000) return;
        clearInterval(timer);
        resolve();
      }, 4);
    });
    const received = this.#phones.reduce((sum, phone) => sum + phone.received, 0);
    const missed = Math.max(0, this.#expected - this.#delays.length);
    return { delays: this.#delays, sent: this.#sent, received, missed };
  }

  close(): void {
    for (const { socket } of this.#phones) socket.close();
  }

  #reset(): void {
    this.#delays = [];
    this.#expected = 0;
    this.#sent = 0;
    for (const phone of this.#phones) phone.received = 0;
  }

  #step(step: number): void {
    const tick = Math.floor((step * 4) / TICK_MS);
    this.#phones.forEach((phone, index) => {
      if (index % 5 === step % 5) this.#speak(phone, tick);
    });
  }

  #speak(phone: Phone, tick: number): void {
    const phase = (tick + phone.room * 7) % (2 * BURST_TICKS);
    const isBurst = phone.speaks && phase < BURST_TICKS;
    const data = Buffer.alloc(12 + FRAME, SILENCE);
    data[0] = 0x80;
    data[1] = 0;
    data.writeUInt16BE(phone.sequence & 0xffff, 2);
    data.writeUInt32BE((phone.sequence * FRAME) >>> 0, 4);
    data.writeUInt32BE(1000 + this.#phones.indexOf(phone), 8);
    if (isBurst) for (let at = 0; at < FRAME; at += 1) data[12 + at] = at % 16 < 8 ? 0x10 : 0x90;
    if (phone.speaks && phase === 0) this.#beginBurst(phone.room);
    phone.sequence += 1;
    this.#sent += 1;
    phone.socket.send(data, phone.target, '127.0.0.1');
  }

  #beginBurst(room: number): void {
    this.#burstAt[room] = performance.now();
    for (const phone of this.#phones)
      if (phone.room === room && !phone.speaks) {
        phone.heardLoud = false;
        this.#expected += 1;
      }
  }

  #hear(phone: Phone, data: Buffer): void {
    phone.received += 1;
    if (phone.speaks || phone.heardLoud || data.length < 12 + FRAME) return;
    let loud = 0;
    for (let at = 12; at < data.length; at += 1) if (isLoud(data[at] ?? SILENCE)) loud += 1;
    if (loud < 8) return;
    phone.heardLoud = true;
    this.#delays.push(performance.now() - (this.#burstAt[phone.room] ?? 0));
  }
}
