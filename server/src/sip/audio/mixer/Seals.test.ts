import { beforeEach, expect, it } from 'vitest';
import { PCMU } from '../codecs/g711.ts';
import type { SettledSound } from '../engine.ts';
import { isRtcp, writeRtp } from '../rtp/packet.ts';
import { noOpus } from '../testing/playing.ts';
import { Mixer } from './Mixer.ts';
import { Seals } from './Seals.ts';
import type { Leg, LegProgress } from './Leg.ts';

const suite = 'AES_CM_128_HMAC_SHA1_80';
const remote = { address: '192.0.2.77', port: 9000 };
const [OURS, THEIRS, OTHER] = [1, 2, 3].map((byte) => Buffer.alloc(30, byte)) as [Buffer, Buffer, Buffer];
/** Soon before the numbers wrap. */
const PROGRESS: LegProgress = {
  stream: { ssrc: 7, sequence: 65_500, timestamp: 0, packets: 0, octets: 0 },
  seals: undefined,
  hasHeard: false,
};

let mixer: Mixer;
let leg: Leg;
let now: number;
let sequence: number;
let sent: Buffer[];

const keys = (ours = OURS, theirs = THEIRS) => ({ suite, ours, theirs });
const sound = (srtp: SettledSound['srtp']): SettledSound => ({
  ...{ remote, direction: 'sendrecv', codec: 'PCMU', payloadType: 0, telephoneEvent: undefined },
  ...{ srtp, ptime: 20, rtcpMux: true },
});

function openLeg(progress: LegProgress): Leg {
  return mixer.openLeg('leg', {
    link: { sendRtp: (data) => sent.push(data), sendRtcp: () => undefined },
    observer: {
      ...{ digit: () => undefined, firstPacket: () => undefined, silent: () => undefined },
      ...{ level: () => undefined, said: () => undefined, digitsSent: () => undefined },
    },
    progress,
  });
}

beforeEach(() => {
  [mixer, now, sequence, sent] = [new Mixer(noOpus), 1000, 65_500, []];
  leg = openLeg(PROGRESS);
});

/** How many of a hundred packets each way could be read. */
function speak(from: Seals, to: Seals): { heard: number; read: number } {
  sent = [];
  const before = leg.statistics.packetsReceived;
  for (let tick = 0; tick < 100; tick += 1) {
    const fields = { payloadType: 0, marker: false, sequence: sequence & 0xffff, ssrc: 9 };
    const payload = PCMU.encode(new Int16Array(160));
    leg.receive(from.sealRtp(writeRtp({ ...fields, timestamp: sequence * 160, payload })), remote, now);
    sequence += 1;
    now += 20;
    mixer.tick(now);
  }
  const sounds = sent.filter((data) => !isRtcp(data));
  const read = sounds.filter((data) => to.openRtp(data) !== undefined).length;
  return { heard: leg.statistics.packetsReceived - before, read };
}

const ALL = { heard: 100, read: 100 };
const phoneOf = ({ ours, theirs } = keys()) => new Seals({ suite, ours: theirs, theirs: ours });

it('go on under a key that stays, whichever of the two that is', () => {
  const first = phoneOf();
  leg.agree(sound(keys()), now);
  expect(speak(first, first)).toEqual(ALL);
  leg.agree(sound(keys(OURS, OTHER)), now);
  // The phone goes on to read as it did, and begins to write with another key.
  const second = phoneOf(keys(OURS, OTHER));
  expect(speak(second, first)).toEqual(ALL);
  leg.agree(sound(keys(THEIRS, OTHER)), now);
  expect(speak(second, phoneOf(keys(THEIRS, OTHER)))).toEqual(ALL);
});

it('go on when sound was in the clear meanwhile', () => {
  const phone = phoneOf();
  leg.agree(sound(keys()), now);
  expect(speak(phone, phone)).toEqual(ALL);
  leg.agree(sound(undefined), now);
  leg.agree(sound(keys()), now);
  expect(speak(phone, phone)).toEqual(ALL);
});

it('go on elsewhere, but for a key that is new', () => {
  const first = phoneOf();
  leg.agree(sound(keys()), now);
  speak(first, first);
  const progress = mixer.closeLeg('leg', now, true);
  if (!progress) throw new Error('It was there.');
  leg = openLeg(structuredClone(progress));
  sequence = 0;
  leg.agree(sound(keys(OURS, OTHER)), now);
  expect(speak(phoneOf(keys(OURS, OTHER)), first)).toEqual(ALL);
});
