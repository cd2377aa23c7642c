import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { RtmpUrl } from '@parley/protocol/rtmpUrl';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAmf0, encodeAmf0, type Amf0 } from './amf0.ts';
import { ChunkReader, MESSAGE, chunksOf } from './chunks.ts';
import type { Sample, StreamConfig } from './flv.ts';
import { RtmpTarget } from './RtmpTarget.ts';

const HANDSHAKE_BYTES = 1536;
/** In a tag of audio and in one of video: where the data begins. */
const DATA_AT = { audio: 2, video: 5 } as const;
const CONFIG: StreamConfig = {
  ...{ aac: Buffer.from([0x11, 0x90]), width: 320, height: 180, frameRate: 25, sampleRate: 48_000 },
  ...{ videoBitrate: 800_000, audioBitrate: 64_000 },
};
const WITH_PICTURES: StreamConfig = { ...CONFIG, avc: Buffer.from([1, 0x64, 0, 0x1f]) };

interface Verdict {
  level: 'status' | 'error';
  code: string;
  description: string;
}

/** The way to a service that takes a stream, and does not read while it is `held`. */
class Uplink extends Duplex {
  /** Kind and name (the first byte) of each sample that arrived. */
  readonly arrived: [kind: 'audio' | 'video', name: number][] = [];
  /** What is said to who wants to publish. */
  verdict: Verdict = { level: 'status', code: 'NetStream.Publish.Start', description: '' };
  readonly #reader = new ChunkReader();
  #handshake = 0;
  #held = false;
  #release: (() => void) | undefined;

  set held(held: boolean) {
    this.#held = held;
    if (!held) this.#release?.();
  }

  override _read(): void {
    // What it says is pushed when it says it.
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    const take = (): void => {
      this.#take(bytes);
      done();
    };
    if (this.#held) this.#release = take;
    else take();
  }

  #take(bytes: Buffer): void {
    if (this.#handshake++ === 0)
      this.#send(Buffer.concat([Buffer.from([3]), Buffer.alloc(2 * HANDSHAKE_BYTES)]));
    if (this.#handshake <= 2) return;
    for (const { type, payload } of this.#reader.read(bytes)) {
      if (type === MESSAGE.command) this.#answer(decodeAmf0(payload));
      const kind = type === MESSAGE.audio ? 'audio' : type === MESSAGE.video ? 'video' : undefined;
      const isHeader = payload[1] === 0;
      if (kind && !isHeader) this.arrived.push([kind, payload.readUInt8(DATA_AT[kind])]);
    }
  }

  #answer([name, transaction = 0]: Amf0[]): void {
    if (name === 'connect') this.#say('_result', transaction, null, {});
    if (name === 'createStream') this.#say('_result', transaction, null, 1);
    if (name === 'publish') this.#say('onStatus', 0, null, { ...this.verdict });
  }

  #say(...values: Amf0[]): void {
    const payload = encodeAmf0(...values);
    this.#send(chunksOf({ chunkStream: 3, type: MESSAGE.command, stream: 0, timestamp: 0, payload }, 128));
  }

  /** As from a network: never while the other side still writes. */
  #send(bytes: Buffer): void {
    setImmediate(() => this.push(bytes));
  }
}

let uplink: Uplink;
let target: RtmpTarget;
let name: number;
beforeEach(() => {
  uplink = new Uplink();
  name = 0;
  target = new RtmpTarget({
    url: RtmpUrl.parse('rtmp://live.example/app/key'),
    allowPrivate: true,
    onStatus: () => undefined,
    dial: () => Promise.resolve(uplink as Duplex as Socket),
  });
});
afterEach(() => target.close());

/** Each has another name. */
const write = (
  kind: 'audio' | 'video',
  { keyFrame, bytes }: { keyFrame: boolean; bytes: number },
): number => {
  const sample: Sample = {
    kind,
    data: Buffer.alloc(bytes, name),
    decodeTime: name * 40,
    offset: 0,
    keyFrame,
  };
  target.write(sample);
  return name++;
};
const live = (): Promise<void> => vi.waitFor(() => expect(target.status.state).toBe('live'));
const drained = (): Promise<void> => vi.waitFor(() => expect(uplink.writableLength).toBe(0));
const pictures = (): number[] => uplink.arrived.filter(([kind]) => kind === 'video').map(([, each]) => each);

it('leaves out pictures up to the next key frame, whatever sound comes in between', async () => {
  target.start(WITH_PICTURES);
  await live();
  uplink.held = true;
  const first = write('video', { keyFrame: true, bytes: 40_000 });
  for (let index = 0; index < 12; index++) write('video', { keyFrame: false, bytes: 40_000 });
  expect(target.status.droppedFrames).toBeGreaterThan(1);
  const isSent = (each: number): boolean => each < 13 - target.status.droppedFrames;
  const sent = Array.from({ length: 13 }, (_, index) => first + index).filter(isSent);
  uplink.held = false;
  await drained();
  // In MP4 a sample of sound is as good a place to begin as any other.
  const sound = write('audio', { keyFrame: true, bytes: 200 });
  write('video', { keyFrame: false, bytes: 4000 });
  const key = write('video', { keyFrame: true, bytes: 4000 });
  const next = write('video', { keyFrame: false, bytes: 4000 });
  await drained();
  expect(pictures()).toEqual([...sent, key, next]);
  expect(uplink.arrived).toContainEqual(['audio', sound]);
});

it('begins with a key frame, not with the sound before it', async () => {
  target.start(WITH_PICTURES);
  await live();
  write('audio', { keyFrame: true, bytes: 200 });
  write('video', { keyFrame: false, bytes: 4000 });
  const key = write('video', { keyFrame: true, bytes: 4000 });
  await drained();
  expect(pictures()).toEqual([key]);
});

it('sends sound alone where there are no pictures, as soon as there is room again', async () => {
  target.start(CONFIG);
  await live();
  uplink.held = true;
  for (let index = 0; index < 10; index++) write('audio', { keyFrame: true, bytes: 40_000 });
  uplink.held = false;
  await drained();
  expect(uplink.arrived.length).toBeLessThan(10);
  const sound = write('audio', { keyFrame: true, bytes: 200 });
  await drained();
  expect(uplink.arrived.at(-1)).toEqual(['audio', sound]);
});

describe('a service that refuses the stream', () => {
  const KEY = 'live_123_SECRET?bandwidthtest=true&pass=gr%C3%BCn%2Fblau';

  const refused = (key: string, verdict: Partial<Verdict>): Promise<string> => {
    uplink.verdict = { level: 'error', code: 'NetStream.Publish.BadName', description: '', ...verdict };
    const { promise, resolve } = Promise.withResolvers<string>();
    target.close();
    target = new RtmpTarget({
      url: RtmpUrl.parse(`rtmp://live.example/app/${key}`),
      allowPrivate: true,
      onStatus: ({ message }) => resolve(message),
      dial: () => Promise.resolve(uplink as Duplex as Socket),
    });
    target.start(CONFIG);
    return promise;
  };

  it.each([
    [{ description: `${KEY} is not known` }, '… is not known'],
    [{ description: 'live_123_SECRET is already being published' }, '… is already being published'],
    [{ description: 'gr%C3%BCn%2Fblau is wrong' }, '… is wrong'],
    [{ description: 'no, grün/blau is wrong' }, 'no, … is wrong'],
    [{ description: 'neither grün nor blau' }, 'neither … nor …'],
    [{ code: 'live_123_SECRET.InUse' }, '….InUse'],
    [{ description: 'It is not on the list' }, 'It is not on the list'],
    [{}, 'NetStream.Publish.BadName'],
  ])('is quoted without the key: %j', async (verdict, words) => {
    expect(await refused(KEY, verdict)).toBe(`The service refuses the stream: ${words}.`);
  });

  it('and says nothing is not quoted: no piece of a key is taken out of what is said here', async () => {
    expect(await refused('reason', { code: '' })).toBe('The service refuses the stream: no reason given.');
  });

  it('may be given a key that only looks as if it were percent-encoded', async () => {
    const message = await refused('100%SECRET', { description: '100%SECRET is in use' });
    expect(message).toBe('The service refuses the stream: … is in use.');
  });
});
