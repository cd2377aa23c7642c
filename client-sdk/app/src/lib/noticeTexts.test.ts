import type { RoomNotice } from '@parley/client-sdk';
import { describe, expect, it, test } from 'vitest';
import { noticeLines, NOTHING_TO_TELL, saysMore } from './noticeTexts.ts';

const notice = (change: Partial<RoomNotice>): RoomNotice => ({ ...NOTHING_TO_TELL, ...change });

describe('before the meeting', () => {
  test.each<[Partial<RoomNotice>, RegExp[]]>([
    [{}, []],
    [{ recorded: 'now' }, [/is being recorded What you say/]],
    [{ recorded: 'automatic', asksConsent: true }, [/will be recorded You are asked/]],
    [{ recorded: 'now', streamed: true }, [/is being recorded/, /streamed live/]],
    [{ streamed: true, asksConsent: true }, [/streamed live .* only if you agree/]],
  ])('%j is told', (change, words) => {
    const lines = noticeLines(notice(change)).map(({ title, text }) => `${title} ${text}`);
    expect(lines).toHaveLength(words.length);
    words.forEach((expected, index) => expect(lines[index]).toMatch(expected));
  });

  it('nobody is held up by what they know', () => {
    const recorded = notice({ recorded: 'now' });
    expect(saysMore(recorded, NOTHING_TO_TELL)).toBe(true);
    expect(saysMore(recorded, notice({ recorded: 'automatic' }))).toBe(false);
    expect(saysMore(notice({ recorded: 'now', streamed: true }), recorded)).toBe(true);
    expect(saysMore(NOTHING_TO_TELL, recorded)).toBe(false);
  });
});
