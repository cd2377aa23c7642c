import { afterEach, describe, expect, it } from 'vitest';
import { SyntheticAudio, SyntheticVideo } from '@parley/recorder/internal/testing/SyntheticRoom.ts';
import { allowed, report } from '../support/figures.ts';
import { readFlashesAndBeeps } from './flashAndBeep.ts';
import { Studio } from './Studio.ts';

let studio: Studio;
afterEach(() => studio.close());

const EACH_MS = 2000;
const FLASH_MS = 200;
const LIMIT_MS = 80;

/** Flashes and beeps are of the same moments of the wall. */
function isOn(at: number): boolean {
  return at % EACH_MS < FLASH_MS;
}

class FlashingCamera extends SyntheticVideo {
  override send(now: number): void {
    this.colour = isOn(now) ? '#ffffff' : '#101010';
    super.send(now);
  }
}

class BeepingMicrophone extends SyntheticAudio {
  override send(index: number, capturedAt: number): void {
    this.loudness = isOn(capturedAt) ? 0.5 : 0;
    super.send(index, capturedAt);
  }
}

describe('lips and words', { timeout: 120_000, tags: 'recording' }, () => {
  it.each(['mp4', 'webm'] as const)('fit within 80 ms in %s', async (format) => {
    studio = new Studio({ format, layout: 'single' });
    studio.room.join({ name: 'Ada' });
    const [camera, microphone] = [new FlashingCamera('camera', '#101010'), new BeepingMicrophone(1000)];
    studio.room.change('Ada', () => ({ camera, microphone }));
    await studio.start();
    await studio.recorded(13);
    const { parts } = await studio.finish();
    const path = studio.path(parts[0]?.file ?? '');

    const offsets = (await readFlashesAndBeeps(path)).map(({ offset }) => offset);
    expect(offsets.length).toBeGreaterThanOrEqual(4);
    const mean = offsets.reduce((sum, one) => sum + one, 0) / offsets.length;
    report(`sound and picture apart in ${format}`, offsets.map(Math.abs), LIMIT_MS);
    expect(Math.abs(mean)).toBeLessThan(allowed(LIMIT_MS));
  });
});
