import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from './ReplayBuffer.ts';

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), size: fc.nat({ max: 200 }) }),
  fc.record({ kind: fc.constant('acknowledge' as const), behind: fc.nat({ max: 20 }) }),
);

describe('ReplayBuffer', () => {
  it('gives all that came after a number, in order, or nothing; and keeps to its limits', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const limits = { maxCount: 10, maxBytes: 1500 };
        const buffer = new ReplayBuffer(limits);
        const said: string[] = [];
        let acknowledged = 0;
        for (const action of steps) {
          if (action.kind === 'add') {
            const participantId = 'ü'.repeat(action.size);
            said.push(buffer.add({ method: 'participant.left', params: { participantId, reason: 'left' } }));
          } else {
            acknowledged = Math.max(acknowledged, said.length - action.behind);
            buffer.acknowledge(said.length - action.behind);
          }
        }
        expect(buffer.lastSeq).toBe(said.length);
        const kept = said.slice(acknowledged);
        const fits = (texts: string[]): boolean =>
          texts.length <= limits.maxCount && Buffer.byteLength(texts.join('')) <= limits.maxBytes;
        for (let seq = 0; seq <= said.length; seq += 1) {
          const found = buffer.findAfter(seq);
          if (found) expect(found).toEqual(said.slice(seq));
          else expect(seq < acknowledged || !fits(kept)).toBe(true);
        }
        expect(buffer.findAfter(said.length)).toEqual([]);
        expect(buffer.findAfter(said.length + 1)).toBeUndefined();
        const longest = Array.from({ length: said.length + 1 }, (_, seq) => buffer.findAfter(seq) ?? [])[0];
        expect(fits(longest ?? [])).toBe(true);
      }),
    );
  });

  it('numbers from 1', () => {
    const text = new ReplayBuffer().add({
      method: 'participant.left',
      params: { participantId: 'PA_1', reason: 'left' },
    });
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', seq: 1, method: 'participant.left' });
  });
});
