import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKeys, masterLength, SUITES, type SrtpSuite } from './keys.ts';
import { ReplayWindow } from './ReplayWindow.ts';
import { Srtcp } from './Srtcp.ts';
import { Srtp } from './Srtp.ts';
import { writeRtp } from '../rtp/packet.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

function rtp(sequenceNumber: number, payload: Buffer, { extension = false } = {}): Buffer {
  const header = Buffer.alloc(extension ? 20 : 12);
  header.writeUInt8(extension ? 0x90 : 0x80, 0);
  header.writeUInt16BE(sequenceNumber & 0xffff, 2);
  header.writeUInt32BE(0xdecafbad, 8);
  if (extension) header.writeUInt16BE(1, 14);
  return Buffer.concat([header, payload]);
}

function pair(suite: SrtpSuite = 'AES_CM_128_HMAC_SHA1_80'): [Srtp, Srtp] {
  const master = randomBytes(masterLength(suite));
  return [new Srtp(suite, master), new Srtp(suite, master)];
}

describe('SRTP', () => {
  it('derives the keys of RFC 3711, appendix B.3', () => {
    const master = hex('E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6');
    const keys = deriveKeys(master, 'AES_CM_128_HMAC_SHA1_80', 'rtp');
    expect(keys.cipher).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(keys.salt).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
    expect(keys.auth).toEqual(hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
  });

  it.each(Object.keys(SUITES) as SrtpSuite[])(
    '%s gives back what was sent, with header and extension',
    (suite) => {
      const [sender, receiver] = pair(suite);
      for (const extension of [false, true]) {
        const packet = rtp(extension ? 2 : 1, Buffer.from('what was said'), { extension });
        const sent = sender.protect(packet);
        expect(sent.includes('what was said')).toBe(false);
        expect(sent.length - packet.length).toBe(SUITES[suite].tagLength);
        expect(receiver.unprotect(sent)).toEqual(packet);
      }
    },
  );

  it('takes nothing twice, nothing that was changed, and nothing of others', () => {
    const [sender, receiver] = pair();
    const sent = sender.protect(rtp(1, Buffer.from('hello')));
    for (let at = 0; at < sent.length; at += 1) {
      const changed = Buffer.from(sent);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(receiver.unprotect(changed)).toBeUndefined();
    }
    expect(receiver.unprotect(pair()[0].protect(rtp(1, Buffer.from('hello'))))).toBeUndefined();
    expect(receiver.unprotect(sent)).toBeDefined();
    expect(receiver.unprotect(sent)).toBeUndefined();
    expect(receiver.unprotect(Buffer.alloc(5))).toBeUndefined();
  });

  it('goes on when numbers wrap, also where packets are lost and come in another order', () => {
    const [sender, receiver] = pair();
    const sent = Array.from({ length: 1_400 }, (_, index) =>
      sender.protect(rtp(65_000 + index * 60, Buffer.from([index & 255]))),
    );
    for (let index = 0; index + 1 < sent.length; index += 2)
      for (const at of [index + 1, index])
        expect(receiver.unprotect(sent[at] ?? Buffer.alloc(0))?.at(-1)).toBe(at & 255);
  });
});

describe('what has come already', () => {
  it('is known of the newest 64', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (indexes) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let newest = -1;
        for (const index of indexes) {
          const isNew = index > newest || (newest - index < 64 && !seen.has(index));
          expect(window.admits(index)).toBe(isNew);
          if (isNew) window.add(index);
          seen.add(index);
          newest = Math.max(newest, index);
        }
      }),
    );
  });
});

describe('RTCP under a seal', () => {
  const master = Buffer.alloc(30, 7);
  const report = Buffer.from('80c90001000000ff81ca0003000000ff01036c656700000000', 'hex');

  it('is opened once, by the other side, unchanged', () => {
    const [sender, receiver] = [0, 1].map(() => new Srtcp('AES_CM_128_HMAC_SHA1_80', master));
    const sealed = sender?.protect(report) ?? report;
    expect(sealed.includes('leg')).toBe(false);
    const changed = Buffer.from(sealed);
    changed[12] = (changed[12] ?? 0) ^ 1;
    expect(receiver?.unprotect(changed)).toBeUndefined();
    expect(receiver?.unprotect(sealed)).toEqual(report);
    expect(receiver?.unprotect(sealed)).toBeUndefined();
    expect(receiver?.unprotect(Buffer.alloc(5))).toBeUndefined();
    expect(receiver?.unprotect(sender?.protect(report) ?? report)).toEqual(report);
  });

  it('goes on elsewhere where it has got to', () => {
    const [former, latter, peer] = [0, 1, 2].map(() => new Srtp('AES_CM_128_HMAC_SHA1_80', master));
    const packet = (sequence: number) =>
      writeRtp({ payloadType: 0, marker: false, sequence, timestamp: 0, ssrc: 5, payload: Buffer.alloc(20) });
    for (let index = 65_530; index < 65_540; index += 1)
      expect(peer?.unprotect(former?.protect(packet(index)) ?? Buffer.alloc(0))).toEqual(packet(index));
    latter?.resume(former?.progress ?? []);
    expect(peer?.unprotect(latter?.protect(packet(65_540)) ?? Buffer.alloc(0))).toEqual(packet(65_540));
  });
});
