import { describe, expect, it } from 'vitest';
import { levelOf } from '../../dsp/units.ts';
import { powerOf, tone } from '../../testing/tones.ts';
import { opusDurationOf, type OpusCodec } from './OpusCodec.ts';
import { loadScriptOpus } from './scriptOpus.ts';
import { loadSystemOpus } from './systemOpus.ts';

const absent = (): undefined => undefined;
const system = await loadSystemOpus().catch(absent);
const codecs: (readonly [string, OpusCodec | undefined])[] = [
  ['libopus', system],
  ['opusscript', await loadScriptOpus()],
];

describe.each(codecs)('Opus by %s', (_, codec) => {
  it('gives back what it was given', (ctx) => {
    if (!codec) return ctx.skip('libopus is not installed');
    const [encoder, decoder] = [codec.openEncoder(), codec.openDecoder()];
    const heard = Array.from({ length: 50 }, (__, index) =>
      decoder.decode(encoder.encode(tone(440, { from: index * 320 }))),
    );
    expect(heard.every(({ length }) => length === 320)).toBe(true);
    const last = Int16Array.from(heard.slice(25).flatMap((frame) => [...frame]));
    expect(powerOf(last, 440)).toBeGreaterThan(-13);
    expect(powerOf(last, 1000)).toBeLessThan(-35);
    encoder.close();
    decoder.close();
    decoder.close();
  });

  it('refuses what is no packet, and goes on', (ctx) => {
    if (!codec) return ctx.skip('libopus is not installed');
    const [encoder, decoder] = [codec.openEncoder(), codec.openDecoder()];
    expect(() => encoder.encode(new Int16Array(100))).toThrow();
    for (const broken of [Buffer.from([0xff, 0xff, 0xff]), Buffer.from([0x03])])
      expect(() => decoder.decode(broken)).toThrow();
    expect(decoder.decode(encoder.encode(tone(440))).length).toBe(320);
    encoder.close();
    expect(() => encoder.encode(tone(440))).toThrow();
    decoder.close();
  });
});

it('makes up what was lost, by libopus', (ctx) => {
  if (!system) return ctx.skip('libopus is not installed');
  const [encoder, decoder] = [system.openEncoder(), system.openDecoder()];
  const packets = Array.from({ length: 40 }, (_, index) => encoder.encode(tone(300, { from: index * 320 })));
  for (const packet of packets.slice(0, 30)) decoder.decode(packet);
  expect(levelOf(decoder.conceal(320) ?? new Int16Array(1))).toBeGreaterThan(-20);
  const restored = decoder.decodeLost(packets[32] ?? Buffer.alloc(0)) ?? new Int16Array(1);
  expect(restored.length).toBe(320);
  expect(levelOf(restored)).toBeGreaterThan(-35);
  encoder.close();
  decoder.close();
});

it.each([
  [[0x08, 1, 2], 20],
  [[0x18, 1, 2], 60],
  [[0x78, 1], 20],
  [[0x80, 1], 2.5],
  [[0xf8, 1], 20],
  [[0xf9, 1], 40],
  [[0xfb, 0x03], 60],
  [[], 0],
])('reads how long a packet is: %j', (bytes, ms) => {
  expect(opusDurationOf(Uint8Array.from(bytes))).toBe(ms);
});
