import { describe, expect, it } from 'vitest';
import { EventReceiver } from './EventReceiver.ts';
import { EventSender } from './EventSender.ts';
import { digitOfInfo } from './infoDigits.ts';
import { OncePerKey } from './OncePerKey.ts';

/** What is sent for keys, tick by tick, until nothing is left. */
function packetsOf(digits: string) {
  const sender = new EventSender();
  sender.press(digits);
  return Array.from({ length: digits.length * 20 }, (_, tick) =>
    sender.tick(0xffff_fe00 + tick * 160),
  ).filter((packet) => packet !== undefined);
}

function heard(packets: readonly { payload: Buffer; timestamp: number }[]): string {
  const receiver = new EventReceiver();
  return packets.map((packet) => receiver.receive({ ssrc: 1, ...packet }) ?? '').join('');
}

describe('keys as telephone events', () => {
  it('arrive once each, also the same one twice, and when the clock wraps', () => {
    expect(heard(packetsOf('110*#9D'))).toBe('110*#9D');
  });

  it('have one timestamp each, a marker in front, and three ends', () => {
    const packets = packetsOf('5');
    expect(new Set(packets.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(packets.map(({ marker }) => marker)).toEqual([true, ...Array<boolean>(10).fill(false)]);
    expect(packets.filter(({ payload }) => (payload[1] ?? 0) >= 0x80)).toHaveLength(3);
    expect(packets.at(-1)?.payload.readUInt16BE(2)).toBe(1280);
  });

  it.each([
    ['the first is lost', (index: number) => index > 0],
    ['all but the last end are lost', (index: number) => index === 10],
    ['the ends are lost', (index: number) => index < 8],
  ])('arrive where %s', (_, isThere) => {
    expect(heard(packetsOf('7').filter((__, index) => isThere(index)))).toBe('7');
  });

  it('arrive once where a packet of the one before comes late', () => {
    const packets = packetsOf('12');
    const [late] = packets;
    expect(heard(late ? [...packets, late] : [])).toBe('12');
  });

  it('are no keys where they are something else', () => {
    const receiver = new EventReceiver();
    for (const payload of [Buffer.alloc(3), Buffer.from([36, 0, 0, 0])])
      expect(receiver.receive({ ssrc: 1, timestamp: 1, payload })).toBeUndefined();
  });
});

it.each([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
  ['application/dtmf-relay', 'Duration=100\nsignal = *', '*'],
  ['application/dtmf-relay; charset=utf-8', 'Signal=11', '#'],
  ['application/dtmf', '#\r\n', '#'],
  ['application/dtmf', 'd', 'D'],
  ['application/dtmf', '', undefined],
  ['application/dtmf-relay', 'Signal=hello', undefined],
  ['text/plain', '5', undefined],
])('INFO %s %j is %j', (type, body, digit) => {
  expect(digitOfInfo(type, body)).toBe(digit);
});

it('a key that comes in two ways is pressed once', () => {
  const once = new OncePerKey();
  const presses = [
    ['5', 'rtp', 0],
    ['5', 'info', 90],
    ['5', 'rtp', 300],
    ['5', 'rtp', 400],
    ['6', 'info', 410],
  ] as const;
  expect(presses.map(([digit, way, at]) => once.isNew(digit, way, at))).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
});
