import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { loadOpus } from './codecs/opus/loadOpus.ts';
import type { LegSound, SoundCodec, SoundEngine } from './engine.ts';
import { Seals } from './mixer/Seals.ts';
import { openSoundEngine, type SoundEngineOptions } from './openSoundEngine.ts';
import { TestPhone } from './testing/TestPhone.ts';
import { powerOf } from './testing/tones.ts';

const opus = await loadOpus();
const HEARD = -17;
const NOT_HEARD = -50;
const open: { close(): unknown }[] = [];
let calls = 0;

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function openEngine(options: Partial<SoundEngineOptions> = {}): Promise<SoundEngine> {
  const engine = await openSoundEngine({ ip: '127.0.0.1', ports: { from: 18_000, to: 18_399 }, ...options });
  open.push(engine);
  return engine;
}

/** A phone with a leg, which speak to each other. */
async function call(
  engine: SoundEngine,
  codec: SoundCodec,
  hertz: number,
): Promise<{ phone: TestPhone; leg: LegSound }> {
  const phone = await TestPhone.open(codec, hertz, opus);
  open.push(phone);
  calls += 1;
  const leg = await engine.openLeg(`leg-${calls}`);
  leg.agree(phone.sound());
  phone.speakTo(leg.port);
  return { phone, leg };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 100 });
const member = (participantId: string) => ({ participantId, uplink: undefined });

it('lets each phone hear all others and not itself, whatever they speak', async () => {
  const engine = await openEngine();
  const tones = [440, 700, 1000, 1500];
  const codecs = ['PCMU', 'PCMA', 'G722', 'opus'] as const;
  const parties = await Promise.all(codecs.map((codec, index) => call(engine, codec, tones[index] ?? 0)));
  await engine.openZone('tones');
  parties.forEach(({ leg }, index) => leg.join('tones', member(`p${index}`)));
  await until(() => {
    for (const { phone } of parties)
      for (const { phone: other } of parties) {
        const power = powerOf(phone.heard(), other.hertz);
        if (other === phone) expect(power, `${phone.codec} hears itself`).toBeLessThan(NOT_HEARD);
        else expect(power, `${phone.codec} hears ${other.codec}`).toBeGreaterThan(HEARD);
      }
  });
  for (const { phone, leg } of parties) {
    const { packetsReceived, packetsSent, packetsLost, mos, codec } = await leg.close();
    expect(packetsReceived).toBeGreaterThan(0);
    expect(packetsSent).toBeGreaterThan(0);
    expect(packetsLost).toBe(0);
    expect(mos).toBeGreaterThan(3);
    expect(codec).toBe(phone.codec);
    expect(await leg.close()).toEqual(await leg.statistics());
  }
});

it('takes a leg from worker to worker, with its port, its keys, its numbers and what it is told', async () => {
  const engine = await openEngine({ maxWorkers: 2, legsPerWorker: 1 });
  const one = await call(engine, 'PCMU', 440);
  const two = await call(engine, 'PCMA', 700);
  const suite = 'AES_CM_128_HMAC_SHA1_80';
  const [ours, theirs] = [randomBytes(30), randomBytes(30)];
  const seals = new Seals({ suite, ours: theirs, theirs: ours });
  one.phone.seal = (data) => seals.sealRtp(data);
  one.phone.unseal = (data) => seals.openRtp(data);
  one.leg.agree(one.phone.sound({ srtp: { suite, ours, theirs } }));
  one.leg.join((await engine.openZone('first')).zoneId, member('one'));
  two.leg.join('first', member('two'));
  await until(() => {
    expect(powerOf(one.phone.heard(), 700)).toBeGreaterThan(HEARD);
    expect(powerOf(two.phone.heard(), 440)).toBeGreaterThan(HEARD);
  });
  await engine.openZone('second');
  await engine.openZone('third');
  for (const zone of ['second', 'third', 'first']) {
    one.leg.join(zone, member('one'));
    one.phone.forget();
    two.leg.join(zone, member('two'));
    two.phone.forget();
    await until(() => {
      expect(powerOf(one.phone.heard(), 700), zone).toBeGreaterThan(HEARD);
      expect(powerOf(two.phone.heard(), 440), zone).toBeGreaterThan(HEARD);
    });
    expect(new Set(one.phone.packets.map(({ ssrc }) => ssrc)).size).toBe(1);
  }
  // Of all that was said, not of what the last worker has heard.
  const { packetsReceived } = await one.leg.statistics();
  expect(packetsReceived).toBeGreaterThan(0.75 * one.phone.stream.packets);
});

it('says prompts, sends keys and hears them', async () => {
  const engine = await openEngine();
  const { phone, leg } = await call(engine, 'PCMU', 0);
  const other = await call(engine, 'PCMU', 0);
  const digits: string[] = [];
  other.leg.on('digit', ({ digit }) => digits.push(digit));
  await leg.say(['1', 'no-such-prompt', '2'], { language: 'de' });
  const heard = Math.max(...phone.heard(1000).map(Math.abs));
  expect(heard).toBeGreaterThan(3000);
  const music = leg.say(['music'], { loop: true });
  await Promise.all([music, leg.say(['3'])]);
  leg.agree(phone.sound({ telephoneEvent: undefined }));
  await expect(leg.sendDigits('1')).rejects.toMatchObject({ code: 'WRONG_STATE' });
  leg.agree(phone.sound());
  await leg.sendDigits('1#');
  for (const packet of phone.packets.filter(({ payloadType }) => payloadType === 101))
    other.phone.sendTo(other.leg.port, other.phone.stream.write({ ...packet, timestamp: packet.timestamp }));
  await until(() => expect(digits).toEqual(['1', '#']));
  const saying = leg.say(['help']);
  await leg.close();
  await saying;
});

it('loses only what was in a worker that died, says so, and goes on with a new one', async () => {
  const onWorkerLost = vi.fn();
  const workerFile = new URL('testing/frailWorker.ts', import.meta.url);
  const engine = await openEngine({ maxWorkers: 2, legsPerWorker: 1, workerFile, onWorkerLost });
  const one = await call(engine, 'PCMU', 440);
  const two = await call(engine, 'PCMU', 700);
  const zone = await engine.openZone('z');
  const lost: string[] = [];
  for (const { leg } of [one, two]) leg.on('lost', () => lost.push(leg.legId));
  zone.onLost(() => lost.push('zone'));
  const saying = one.leg.say(['music'], { loop: true });
  await expect(engine.openLeg('deadly')).rejects.toThrow('gone');
  await until(() => expect(onWorkerLost).toHaveBeenCalledWith('This leg was too much.'));
  expect(lost.filter((id) => id !== 'zone')).toHaveLength(1);
  const alive = lost.includes(one.leg.legId) ? two : one;
  if (alive === two) await saying;
  alive.phone.forget();
  await until(() => expect(alive.phone.packets.length).toBeGreaterThan(10));
  const three = await call(engine, 'PCMU', 1000);
  await until(() => expect(three.phone.packets.length).toBeGreaterThan(10));
  for (const { leg } of [one, two]) await leg.close();
});

it('passes over ports that others use, and says when there are none', async () => {
  const taken = createSocket('udp4');
  taken.bind(18_801, '127.0.0.1');
  await once(taken, 'listening');
  const engine = await openEngine({ ports: { from: 18_800, to: 18_803 } });
  const leg = await engine.openLeg('one');
  expect(leg.port).toBe(18_802);
  await expect(engine.openLeg('two')).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
  const phone = await TestPhone.open('PCMU', 0, opus);
  open.push(phone);
  leg.agree(phone.sound());
  await leg.close();
  await expect(engine.openLeg('two')).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
  taken.close();
});

it('has ports again at once when nothing was agreed on, or they could not be opened', async () => {
  const engine = await openEngine({ ports: { from: 18_810, to: 18_811 } });
  for (const legId of ['one', 'two', 'three']) {
    const leg = await engine.openLeg(legId);
    expect(leg.port).toBe(18_810);
    await leg.close();
  }
  const elsewhere = await openEngine({ ip: '203.0.113.1', ports: { from: 18_810, to: 18_811 } });
  for (const legId of ['one', 'two']) await expect(elsewhere.openLeg(legId)).rejects.toThrow('EADDRNOTAVAIL');
});
