import type { ProgramSettings } from '@parley/protocol/recorder';
import { describe, expect, it } from 'vitest';
import { encoderArguments, type EncoderPlan } from './encoderArguments.ts';

const SETTINGS: ProgramSettings = {
  ...{ width: 1280, height: 720, frameRate: 25, videoBitrate: 2_500_000, audioBitrate: 96_000 },
  ...{ keyFrameInterval: 2, preset: 'veryfast', showNames: true, background: '#0d1312' },
};

function after(list: readonly string[], option: string): string | undefined {
  const at = list.lastIndexOf(option);
  return at === -1 ? undefined : list[at + 1];
}

function plan(
  o: Partial<Omit<EncoderPlan, 'settings'>> & { settings?: Partial<ProgramSettings> } = {},
): string[] {
  return encoderArguments({ format: 'mp4', video: true, ...o, settings: { ...SETTINGS, ...o.settings } });
}

describe('what the encoder is told', () => {
  it.each([
    ['-c:v', plan(), 'libx264'],
    ['-c:v', plan({ format: 'webm' }), 'libvpx'],
    ['-c:v', plan({ video: false }), undefined],
    ['-c:a', plan(), 'aac'],
    ['-c:a', plan({ format: 'webm' }), 'libopus'],
    ['-c:a', plan({ video: false }), 'aac'],
    ['-f', plan(), 'mp4'],
    ['-f', plan({ format: 'webm' }), 'webm'],
    ['-movflags', plan(), '+frag_keyframe+empty_moov+default_base_moof'],
    ['-frag_duration', plan(), '200000'],
    ['-cluster_time_limit', plan({ format: 'webm' }), '500'],
    ['-preset', plan({ settings: { preset: 'medium' } }), 'medium'],
    ['-threads', plan(), '1'],
    ['-threads', plan({ settings: { width: 1920, height: 1080 } }), '2'],
    ['-threads', plan({ settings: { width: 3840, height: 2160, preset: 'medium', frameRate: 60 } }), '8'],
    ['-maxrate', plan(), '2500000'],
    ['-b:a', plan({ settings: { audioBitrate: 64_000 } }), '64000'],
    ['-flush_packets', plan(), '1'],
  ])('%s', (option, list, value) => {
    expect(after(list, option)).toBe(value);
  });

  it('reads one pipe and writes another, and nothing else', () => {
    for (const list of [plan(), plan({ format: 'webm' }), plan({ video: false })]) {
      expect(list.filter((word) => word.includes('pipe:'))).toEqual(['pipe:0', 'pipe:1']);
      expect(list.filter((word) => word.includes('/'))).toEqual([]);
    }
  });
});
