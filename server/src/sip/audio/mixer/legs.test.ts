import { describe, expect, it } from 'vitest';
import { loadOpus } from '../codecs/opus/loadOpus.ts';
import type { SettledSound, SocketAddress } from '../engine.ts';
import { readRtcp } from '../rtp/rtcp.ts';
import { Seals } from './Seals.ts';
import { LEVEL_ID, Studio, type StudioPhone } from '../testing/mixing.ts';
import { powerOf } from '../testing/tones.ts';
import { EventReceiver } from '../dtmf/EventReceiver.ts';
import { EventSender } from '../dtmf/EventSender.ts';
import { writeRtp } from '../rtp/packet.ts';
import { PCMA, PCMU } from '../codecs/g711.ts';
import { tone } from '../testing/tones.ts';

const opus = await loadOpus();
const HEARD = -18;
const NOT_HEARD = -50;

function twoPhones() {
  const studio = new Studio(opus);
  const zone = studio.zone('z');
  const [one, two] = [studio.phone('PCMU', 440), studio.phone('PCMU', 700)];
  one.join(zone, 'one');
  two.join(zone, 'two');
  return { studio, zone, one, two };
}

describe('sound of strangers', () => {
  it('is never heard, wherever it comes from, whatever it claims to be', () => {
    const { studio, one, two } = twoPhones();
    one.isSending = false;
    const foreign = { address: '198.51.100.9', port: one.address.port };
    for (let tick = 0; tick < 100; tick += 1) {
      const payload = PCMU.encode(tone(1000, { length: 160, from: tick * 160, rate: 8000 }));
      one.send(payload, 0, foreign);
      one.stream.advance(160);
      studio.run(0.02);
    }
    expect(powerOf(two.heard(), 1000)).toBeLessThan(NOT_HEARD);
    expect(one.leg.statistics).toMatchObject({ packetsReceived: 0, packetsRefused: 100 });
    expect(one.events).not.toContain('firstPacket');
    expect(one.sentTo).toEqual(one.address);
  });

  it('is not learnt from, where it is known where the call came from', () => {
    const { studio, one } = twoPhones();
    one.isSending = false;
    one.leg.agree(one.sound({ symmetric: true, signalledFrom: '203.0.113.5' }), studio.now);
    const send = (from: SocketAddress) => {
      for (let count = 0; count < 5; count += 1) one.send(PCMU.encode(new Int16Array(160)), 0, from);
      studio.run(0.1);
    };
    send({ address: '198.51.100.9', port: 7000 });
    expect(one.sentTo).toEqual(one.address);
    send({ address: '203.0.113.5', port: 61_000 });
    expect(one.sentTo).toEqual({ address: '203.0.113.5', port: 61_000 });
  });

  it.each(['sendonly', 'recvonly', 'inactive'] as const)(
    'is not learnt from, but another port of the phone is, after a hold as %s',
    (direction) => {
      const { studio, one } = twoPhones();
      one.isSending = false;
      const nat = { address: '203.0.113.5', port: 61_000 };
      const [moved, foreign] = [
        { ...nat, port: 61_044 },
        { ...nat, address: '198.51.100.9' },
      ];
      const agree = (how: Partial<SettledSound> = {}) =>
        one.leg.agree(one.sound({ symmetric: true, ...how }), studio.now);
      const send = (from: SocketAddress) => {
        for (let count = 0; count < 5; count += 1) one.send(PCMU.encode(new Int16Array(160)), 0, from);
        studio.run(0.1);
        return one.sentTo;
      };
      agree();
      expect(send(nat)).toEqual(nat);
      agree();
      expect(send(moved)).toEqual(nat);
      agree({ direction });
      expect(send(moved)).toEqual(nat);
      agree();
      expect(send(foreign)).toEqual(nat);
      expect(send(moved)).toEqual(moved);
    },
  );

  it('is not heard from the agreed address, either, where it is of another kind', () => {
    const { studio, one } = twoPhones();
    one.isSending = false;
    for (const type of [8, 96, 34]) one.send(Buffer.alloc(160, 1), type);
    one.leg.receive(Buffer.from('nonsense'), one.address, studio.now);
    expect(one.leg.statistics.packetsRefused).toBe(4);
  });

  it('does not get into a zone from another address, or with another number', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const phone = studio.phone('PCMU', 0);
    phone.join(zone, 'phone');
    zone.setTalkers([{ ssrc: 1, payloadType: 111, participantId: 'browser' }]);
    zone.source = { ip: '127.0.0.1', port: 40_001 };
    studio.talker(zone, { ssrc: 1, hertz: 1000 });
    studio.talker(zone, { ssrc: 2, hertz: 1500 });
    studio.run(2);
    expect(powerOf(phone.heard(), 1000)).toBeLessThan(NOT_HEARD);
    zone.source = { ip: '127.0.0.1', port: 40_000 };
    studio.run(2);
    expect(powerOf(phone.heard(), 1000)).toBeGreaterThan(HEARD);
    expect(powerOf(phone.heard(), 1500)).toBeLessThan(NOT_HEARD);
    expect(LEVEL_ID).toBe(1);
  });
});

describe('a stream', () => {
  it('goes on with another source, and in another codec', () => {
    const { studio, one, two } = twoPhones();
    studio.run(2);
    const packet = (sequence: number) =>
      writeRtp({
        ...{ payloadType: 0, marker: false, sequence, timestamp: sequence * 160, ssrc: 0xabcd },
        payload: PCMU.encode(tone(1200, { length: 160, from: sequence * 160, rate: 8000 })),
      });
    one.isSending = false;
    for (let tick = 0; tick < 100; tick += 1) {
      one.leg.receive(packet(tick), one.address, studio.now + 5);
      studio.run(0.02);
    }
    expect(powerOf(two.heard(), 1200)).toBeGreaterThan(-14);
    one.leg.agree(one.sound({ codec: 'PCMA', payloadType: 8 }), studio.now);
    one.leg.receive(packet(100), one.address, studio.now);
    expect(one.leg.statistics.packetsRefused).toBe(1);
    expect(one.packets.at(-1)?.payloadType).toBe(0);
    studio.run(0.1);
    expect(one.packets.at(-1)?.payloadType).toBe(8);
  });

  it('is heard in each codec that was agreed on, and may change it as it likes', () => {
    const { studio, one, two } = twoPhones();
    one.isSending = false;
    const alsoTaken = [{ codec: 'PCMA', payloadType: 8 }] as const;
    one.leg.agree(one.sound({ alsoTaken }), studio.now);
    let sequence = 0;
    const play = (codec: typeof PCMU, payloadType: number) => {
      for (let tick = 0; tick < 50; tick += 1) {
        const payload = codec.encode(tone(1200, { length: 160, from: sequence * 160, rate: 8000 }));
        const fields = { payloadType, marker: false, sequence, timestamp: sequence * 160, ssrc: 0xabcd };
        one.leg.receive(writeRtp({ ...fields, payload }), one.address, studio.now + 5);
        sequence += 1;
        studio.run(0.02);
      }
      return powerOf(two.heard(), 1200);
    };
    expect(play(PCMU, 0)).toBeGreaterThan(-14);
    expect(play(PCMA, 8)).toBeGreaterThan(-14);
    one.leg.agree(one.sound({ alsoTaken }), studio.now);
    expect(play(PCMA, 8)).toBeGreaterThan(-14);
    expect(play(PCMU, 0)).toBeGreaterThan(-14);
    expect(one.leg.statistics).toMatchObject({ packetsReceived: 200, packetsLost: 0, packetsRefused: 0 });
    expect(play(PCMA, 9)).toBeLessThan(NOT_HEARD);
    expect(one.packets.every(({ payloadType }) => payloadType === 0)).toBe(true);
  });

  it('is said to be silent when nothing comes any more', () => {
    const { studio, one } = twoPhones();
    studio.run(2);
    expect(one.events).toContain('firstPacket');
    expect(one.events.join()).not.toContain('silent');
    one.isSending = false;
    studio.run(5);
    expect(one.events.filter((event) => event.startsWith('silent'))).toEqual([
      'silent 2',
      'silent 3',
      'silent 4',
    ]);
    const before = one.events.length;
    const ping = Buffer.from('80c90001000000ff', 'hex');
    one.leg.receiveReport(ping, { ...one.address, port: one.address.port + 1 }, studio.now);
    studio.run(1.5);
    expect(one.events.slice(before).filter((event) => event.startsWith('silent'))).toEqual([]);
  });

  it('reports what it sends and what came', () => {
    const { studio, one } = twoPhones();
    studio.run(11);
    expect(one.reports.length).toBeGreaterThanOrEqual(2);
    const [report] = readRtcp(one.reports.at(-1) ?? Buffer.alloc(0));
    expect(report?.sender?.packets).toBeGreaterThan(200);
    expect(report?.blocks[0]).toMatchObject({ ssrc: one.stream.ssrc, fractionLost: 0, cumulativeLost: 0 });
  });

  it('has no reports where there is no port for them', () => {
    const { studio, one } = twoPhones();
    one.leg.agree(one.sound({ remote: { ...one.address, port: 65_535 } }), studio.now);
    studio.run(11);
    expect(one.sentTo?.port).toBe(65_535);
    expect(one.reports).toEqual([]);
    one.leg.close(studio.now);
    expect(one.reports).toEqual([]);
  });

  it('is sealed where keys were agreed on, and takes nothing without the seal', () => {
    const { studio, one, two } = twoPhones();
    const [ours, theirs] = [Buffer.alloc(30, 1), Buffer.alloc(30, 2)];
    const suite = 'AES_CM_128_HMAC_SHA1_80';
    const phone = new Seals({ suite, ours: theirs, theirs: ours });
    const datagrams: Buffer[] = [];
    const studioLeg = studio.mixer.openLeg('sealed', {
      link: { sendRtp: (data) => datagrams.push(data), sendRtcp: () => undefined },
      observer: {
        ...{ digit: () => undefined, firstPacket: () => undefined, silent: () => undefined },
        ...{ level: () => undefined, said: () => undefined, digitsSent: () => undefined },
      },
    });
    const remote = { address: '192.0.2.77', port: 9000 };
    studioLeg.agree(one.sound({ remote, srtp: { suite, ours, theirs } }), studio.now);
    const zone = studio.mixer.findZone('z');
    if (zone) studioLeg.join(zone, { participantId: 'sealed', uplink: undefined });
    for (let tick = 0; tick < 100; tick += 1) {
      const payload = PCMU.encode(tone(1800, { length: 160, from: tick * 160, rate: 8000 }));
      const data = writeRtp({
        ...{ payloadType: 0, marker: false, sequence: tick, timestamp: tick * 160, ssrc: 9, payload },
      });
      studioLeg.receive(phone.sealRtp(data), remote, studio.now + 5);
      if (tick === 50) studioLeg.receive(data, remote, studio.now + 5);
      studio.run(0.02);
    }
    expect(powerOf(two.heard(), 1800)).toBeGreaterThan(-14);
    expect(studioLeg.statistics.packetsRefused).toBe(1);
    expect(datagrams.map((data) => phone.openRtp(data)).every((data) => data?.length === 172)).toBe(true);
  });
});

describe('keys', () => {
  it('are heard once each, beside the sound', () => {
    const { studio, one, two } = twoPhones();
    studio.run(1);
    const keys = new EventSender();
    keys.press('42#');
    one.isSending = false;
    for (let tick = 0; tick < 60; tick += 1) {
      const key = keys.tick(one.stream.timestamp);
      if (key) {
        const data = one.stream.write({ ...key, payloadType: 101 });
        one.leg.receive(data, one.address, studio.now + 5);
      }
      studio.run(0.02);
    }
    one.isSending = true;
    studio.run(1);
    expect(one.events.filter((event) => event.startsWith('digit'))).toEqual([
      'digit 4',
      'digit 2',
      'digit #',
    ]);
    expect(one.leg.statistics.packetsLost).toBe(0);
    expect(one.leg.statistics.concealedMs).toBeLessThanOrEqual(40);
    expect(powerOf(two.heard(), 440)).toBeGreaterThan(HEARD);
  });

  it('are sent in place of sound, and it is told when all are', () => {
    const { studio, one } = twoPhones();
    studio.run(0.5);
    one.leg.sendDigits('19', 7);
    studio.run(1);
    const receiver = new EventReceiver();
    const heard = one.packets
      .filter(({ payloadType }) => payloadType === 101)
      .map((packet) => receiver.receive(packet) ?? '');
    expect(heard.join('')).toBe('19');
    expect(one.events).toContain('sent 7');
    const sequences = one.packets.map(({ sequence }) => sequence);
    expect(
      sequences.every(
        (sequence, index) => index === 0 || sequence === (((sequences[index - 1] ?? 0) + 1) & 0xffff),
      ),
    ).toBe(true);
  });
});

describe('keys in the sound', () => {
  const press = (studio: Studio, phone: StudioPhone): string[] => {
    phone.events.length = 0;
    for (const [low, high] of [
      [770, 1336],
      [697, 1209],
    ] as const) {
      [phone.hertz, phone.hertzToo] = [low, high];
      studio.run(0.1);
      [phone.hertz, phone.hertzToo] = [0, 0];
      studio.run(0.3);
    }
    return phone.events.filter((event) => event.startsWith('digit'));
  };

  it.each(['PCMU', 'PCMA', 'G722'] as const)('are heard where they are wanted, by %s', (codec) => {
    const studio = new Studio(opus);
    const phone = studio.phone(codec, 0);
    expect(press(studio, phone)).toEqual([]);
    phone.leg.agree(phone.sound({ tones: true }), studio.now);
    expect(press(studio, phone)).toEqual(['digit 5', 'digit 1']);
    phone.leg.voice.muted = true;
    expect(press(studio, phone)).toEqual(['digit 5', 'digit 1']);
  });

  it('are not looked for any more when one came as an event', () => {
    const studio = new Studio(opus);
    const phone = studio.phone('PCMU', 0);
    phone.leg.agree(phone.sound({ tones: true }), studio.now);
    const sender = new EventSender();
    sender.press('7');
    const packet = sender.tick(phone.stream.timestamp);
    phone.send(packet?.payload ?? Buffer.alloc(0), 101);
    expect(phone.events).toContain('digit 7');
    phone.leg.agree(phone.sound({ tones: true, telephoneEvent: 96 }), studio.now);
    expect(press(studio, phone)).toEqual([]);
  });
});
