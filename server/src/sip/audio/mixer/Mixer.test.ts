import { describe, expect, it } from 'vitest';
import { loadOpus } from '../codecs/opus/loadOpus.ts';
import { levelOf } from '../dsp/units.ts';
import { readAudioLevel, type RtpPacket } from '../rtp/packet.ts';
import { Studio, type StudioPhone } from '../testing/mixing.ts';
import { powerOf, tone } from '../testing/tones.ts';

const opus = await loadOpus();
const HEARD = -18;
const NOT_HEARD = -50;
const UPLINK_LEVEL_ID = 5;

const hears = (phone: StudioPhone, hertz: number) => powerOf(phone.heard(), hertz);
const talkersOf = (ids: readonly string[]) =>
  ids.map((participantId, index) => ({ ssrc: index + 1, payloadType: 111, participantId }));
const levelsOf = (packets: readonly RtpPacket[] = []) =>
  packets.map((packet) => readAudioLevel(packet, UPLINK_LEVEL_ID) ?? 0);

describe('a mix', () => {
  it('has everybody for everybody, but nobody for oneself: phones of all codecs and browsers', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const phones = [
      studio.phone('PCMU', 440),
      studio.phone('PCMA', 700),
      studio.phone('G722', 1000),
      studio.phone('opus', 1500),
    ];
    phones.forEach((phone, index) => phone.join(zone, `phone-${index}`, 5000 + index));
    // The sound of the first phone comes back by the SFU, too: it is not to be heard twice.
    zone.setTalkers(talkersOf(['browser', 'phone-0']));
    studio.talker(zone, { ssrc: 1, hertz: 2000 });
    studio.talker(zone, { ssrc: 2, hertz: 2500 });
    studio.run(3);
    for (const phone of phones) {
      for (const other of phones)
        if (other === phone) expect(hears(phone, phone.hertz), phone.codec).toBeLessThan(NOT_HEARD);
        else expect(hears(phone, other.hertz), `${phone.codec} hears ${other.codec}`).toBeGreaterThan(HEARD);
      expect(hears(phone, 2000)).toBeGreaterThan(HEARD);
      expect(hears(phone, 2500)).toBeLessThan(NOT_HEARD);
    }
  });

  it('leaves out all that one participant sends: the computer and the phone beside it', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const [own, other] = [studio.phone('PCMU', 440), studio.phone('PCMU', 700)];
    own.join(zone, 'anna');
    other.join(zone, 'ben');
    zone.setTalkers(talkersOf(['carla']));
    studio.talker(zone, { ssrc: 1, hertz: 1000 });
    studio.run(2);
    expect(hears(own, 440)).toBeLessThan(NOT_HEARD);
    expect(hears(own, 700)).toBeGreaterThan(HEARD);
    expect(hears(other, 1000)).toBeGreaterThan(HEARD);
  });

  it('encodes once for all who add nothing, and once for each who does', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const phones = Array.from({ length: 10 }, (_, index) =>
      studio.phone('G722', index < 2 ? 440 + index * 300 : 0),
    );
    phones.forEach((phone, index) => phone.join(zone, `p${index}`, 5000 + index));
    studio.run(2);
    const before = { ...studio.mixer.counters };
    studio.run(10);
    const { framesDown, encodedDown, encodedUp, silentUp } = studio.mixer.counters;
    expect(framesDown - before.framesDown).toBe(5000);
    expect(encodedDown - before.encodedDown).toBe(3 * 500);
    expect(encodedUp - before.encodedUp).toBe(2 * 500);
    expect(silentUp - before.silentUp).toBe(8 * 500);
    for (const phone of phones.slice(2)) expect(hears(phone, 440)).toBeGreaterThan(HEARD);
  });

  it('has the six loudest, and each decoded once however many hear them', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const phones = Array.from({ length: 5 }, () => studio.phone('PCMU', 0));
    phones.forEach((phone, index) => phone.join(zone, `p${index}`));
    zone.setTalkers(talkersOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']));
    const talkers = Array.from({ length: 8 }, (_, index) =>
      studio.talker(zone, { ssrc: index + 1, hertz: 400 + index * 300, peak: index < 2 ? 0.02 : 0.15 }),
    );
    studio.run(3);
    const [listener] = phones;
    if (!listener) throw new Error('There is no phone.');
    expect(hears(listener, 400)).toBeLessThan(NOT_HEARD);
    expect(hears(listener, 1000)).toBeGreaterThan(-22);
    expect(hears(listener, 2500)).toBeGreaterThan(-22);
    const before = studio.mixer.counters.decoded;
    studio.run(2);
    // Six of the SFU's, and those of five phones.
    expect(studio.mixer.counters.decoded - before).toBe((6 + 5) * 100);
    const [quiet, , , , , , , loud] = talkers;
    if (!quiet || !loud) throw new Error('There are no talkers.');
    [quiet.peak, loud.peak] = [0.15, 0.01];
    studio.run(3);
    expect(hears(listener, 400)).toBeGreaterThan(-22);
  });

  it('stays within sixteen bits when all shout', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const phones = [440, 445, 450, 455, 0].map((hertz) => studio.phone('G722', hertz));
    phones.forEach((phone, index) => {
      phone.peak = 0.9;
      phone.join(zone, `p${index}`);
    });
    studio.run(2);
    const heard = phones.at(-1)?.heard() ?? new Int16Array(1);
    expect(Math.max(...heard.map(Math.abs))).toBeLessThan(32_767);
    // What is bent makes overtones: cut, they would be at -20 dB or more.
    expect(powerOf(heard, 1340)).toBeLessThan(-30);
  });
});

describe('a phone', () => {
  it('goes up as Opus with its level, and not at all while it is silent or muted', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const phone = studio.phone('PCMU', 440);
    phone.join(zone, 'p', 5000);
    studio.run(2);
    const sent = studio.upstream.get(5000) ?? [];
    const last = sent.at(-1);
    expect(last && readAudioLevel(last, 5)).toBeCloseTo(-17, -1);
    const decoder = opus.openDecoder();
    const heard = sent.slice(-50).flatMap(({ payload }) => [...decoder.decode(payload)]);
    expect(powerOf(Int16Array.from(heard.slice(-8000)), 440)).toBeGreaterThan(HEARD);
    expect(new Set(sent.map(({ ssrc }) => ssrc))).toEqual(new Set([5000]));

    phone.hertz = 0;
    studio.run(1);
    const { encodedUp } = studio.mixer.counters;
    sent.length = 0;
    studio.run(4);
    expect(studio.mixer.counters.encodedUp).toBe(encodedUp);
    expect(sent.map(({ payload }) => payload.length)).toEqual(Array(10).fill(1));

    phone.hertz = 440;
    phone.leg.muted = true;
    sent.length = 0;
    studio.run(2);
    expect(sent).toHaveLength(0);
    expect(studio.mixer.counters.encodedUp).toBe(encodedUp);
    phone.leg.muted = false;
    studio.run(0.2);
    expect(sent.length).toBeGreaterThan(8);
    expect(sent[0]?.marker).toBe(true);
  });

  it('is not heard by the others while it is muted, and hears them', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const [one, two] = [studio.phone('PCMU', 440), studio.phone('PCMU', 700)];
    one.join(zone, 'one');
    two.join(zone, 'two');
    one.leg.muted = true;
    studio.run(2);
    expect(hears(two, 440)).toBeLessThan(NOT_HEARD);
    expect(hears(one, 700)).toBeGreaterThan(HEARD);
    one.leg.deaf = true;
    studio.run(1);
    expect(hears(one, 700)).toBeLessThan(NOT_HEARD);
  });

  it('always gets comfort noise, wherever it is', () => {
    const studio = new Studio(opus);
    const phone = studio.phone('G722', 0);
    studio.run(1);
    expect(phone.packets).toHaveLength(50);
    expect(levelOf(phone.heard())).toBeGreaterThan(-76);
    expect(levelOf(phone.heard())).toBeLessThan(-64);
    phone.join(studio.zone('z'), 'p');
    studio.run(1);
    expect(levelOf(phone.heard())).toBeGreaterThan(-76);
    expect(levelOf(phone.heard())).toBeLessThan(-64);
  });

  it('is told prompts alone, with the room behind them, again and again', () => {
    const studio = new Studio(opus);
    const zone = studio.zone('z');
    const [one, two] = [studio.phone('PCMU', 0), studio.phone('PCMU', 700)];
    one.join(zone, 'one');
    two.join(zone, 'two');
    const prompt = tone(1500, { length: 16_000, peak: 0.2 });
    studio.run(1);
    one.leg.say([prompt, prompt], { token: 1 });
    studio.run(1);
    expect(hears(one, 1500)).toBeGreaterThan(HEARD);
    expect(hears(one, 700)).toBeLessThan(NOT_HEARD);
    expect(hears(two, 1500)).toBeLessThan(NOT_HEARD);
    expect(one.events).not.toContain('said 1');
    studio.run(1.1);
    expect(one.events).toContain('said 1');
    one.leg.say([prompt], { token: 2, over: 'room', loop: true });
    studio.run(5);
    expect(hears(one, 1500)).toBeGreaterThan(HEARD);
    expect(hears(one, 700)).toBeGreaterThan(-32);
    expect(one.events).not.toContain('said 2');
    one.leg.stopSaying();
    studio.run(1);
    expect(hears(one, 700)).toBeGreaterThan(HEARD);
    one.leg.say([], { token: 3 });
    expect(one.events).toContain('said 3');
  });

  it.each(['recvonly', 'sendonly', 'inactive'] as const)(
    'is not heard, nor its music, in a call that is on hold: %s',
    (direction) => {
      const studio = new Studio(opus);
      const zone = studio.zone('z');
      const [one, two] = [studio.phone('PCMU', 440), studio.phone('PCMU', 700)];
      one.join(zone, 'one', 5000);
      two.join(zone, 'two');
      studio.run(1);
      one.leg.agree(one.sound({ direction }), studio.now);
      one.packets.length = 0;
      studio.upstream.clear();
      studio.run(1);
      // Who holds us is sent nothing.
      expect(one.packets).toHaveLength(direction === 'sendonly' ? 50 : 0);
      expect(hears(two, 440)).toBeLessThan(NOT_HEARD);
      expect(levelsOf(studio.upstream.get(5000)).filter((level) => level > -127)).toEqual([]);
      one.leg.agree(one.sound(), studio.now);
      studio.run(1);
      expect(hears(two, 440)).toBeGreaterThan(HEARD);
    },
  );

  it.each([10, 30, 40, 60])('gets packets of %d ms where it wants them', (ptime) => {
    const studio = new Studio(opus);
    const phone = studio.phone('PCMU', 0);
    phone.leg.agree(phone.sound({ ptime }), studio.now);
    studio.run(3);
    expect(phone.packets).toHaveLength(3000 / ptime);
    const steps = phone.packets
      .slice(1)
      .map(({ timestamp }, index) => timestamp - (phone.packets[index]?.timestamp ?? 0));
    expect(new Set(steps)).toEqual(new Set([ptime * 8]));
    expect(new Set(phone.packets.map(({ payload }) => payload.length))).toEqual(new Set([ptime * 8]));
  });
});
