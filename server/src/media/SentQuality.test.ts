import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { createWorker } from 'mediasoup';
import { expect, test } from 'vitest';
import { eventually, mediaConfig, microphone } from './mediaFixtures.ts';
import { SentQuality, type ScoredProducer } from './SentQuality.ts';

/** A producer that says what it is told to say. */
class Spoken implements ScoredProducer {
  readonly observer = new EventEmitter();
  paused = false;
  score(...scores: number[]): void {
    this.observer.emit(
      'score',
      scores.map((score) => ({ score })),
    );
  }
  setPaused(paused: boolean): void {
    this.paused = paused;
    this.observer.emit(paused ? 'pause' : 'resume');
  }
}
function create() {
  const clock = { now: 0 };
  return { clock, quality: new SentQuality(() => clock.now) };
}

test('is the mean over time, from the first score on', () => {
  const { clock, quality } = create();
  const producer = new Spoken();
  expect(quality.mean).toBeNull();
  quality.watch(producer);
  clock.now = 500;
  expect(quality.mean).toBeNull();
  producer.score(10);
  clock.now = 3500;
  producer.score(2);
  clock.now = 4500;
  expect(quality.mean).toBe(8);
  // Asking changes nothing.
  expect(quality.mean).toBe(8);
  producer.observer.emit('close');
  clock.now = 9000;
  expect(quality.mean).toBe(8);
});

test('counts the best of several layers, and all streams by their time', () => {
  const { clock, quality } = create();
  const [camera, microphone] = [new Spoken(), new Spoken()];
  quality.watch(camera);
  quality.watch(microphone);
  camera.score(0, 7, 3);
  microphone.score(9);
  clock.now = 1000;
  expect(quality.mean).toBe(8);
});

test('is never better than perfect, however the time is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1 }), (steps) => {
      const { clock, quality } = create();
      const producer = new Spoken();
      quality.watch(producer);
      producer.score(10);
      for (const step of [1, ...steps]) {
        clock.now += step;
        producer.score(10);
      }
      expect(quality.mean).toBe(10);
    }),
  );
});

test('leaves out what is muted, and what nobody wants', () => {
  const { clock, quality } = create();
  const producer = new Spoken();
  quality.watch(producer);
  producer.score(10);
  clock.now = 1000;
  producer.setPaused(true);
  producer.score(0);
  clock.now = 5000;
  producer.setPaused(false);
  producer.score(10);
  clock.now = 6000;
  quality.setWanted(producer, false);
  producer.score(0);
  clock.now = 9000;
  quality.setWanted(producer, true);
  producer.score(4);
  clock.now = 10_000;
  expect(quality.mean).toBe((10 + 10 + 4) / 3);
});

test('reads the scores that a worker gives', async () => {
  const { workerBin } = mediaConfig();
  const worker = await createWorker({ logLevel: 'error', ...(workerBin && { workerBin }) });
  try {
    const router = await worker.createRouter({
      mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
    });
    const transport = await router.createDirectTransport();
    const { kind, rtpParameters } = microphone(transport.id);
    const [encoding] = rtpParameters.encodings ?? [];
    const producer = await transport.produce({
      kind,
      rtpParameters: { ...rtpParameters, msid: undefined } as never,
    });
    const quality = new SentQuality();
    quality.watch(producer);
    producer.send(rtpPacket(encoding?.ssrc ?? 0));
    await eventually(() => expect(quality.mean).toBe(10));
  } finally {
    worker.close();
  }
});

/** The shortest one (RFC 3550 section 5.1), of payload type 111. */
function rtpPacket(ssrc: number): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(111, 1);
  packet.writeUInt16BE(1, 2);
  packet.writeUInt32BE(960, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}
