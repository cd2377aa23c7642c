// Music for those who wait: soft chords and a few bells, made of sines, that lead into their own beginning.

export const RATE = 16_000;
const BEAT = 1.2;
/** Bars of four beats; half-tones above C3. */
const CHORDS = [
  [0, 7, 12, 16],
  [9, 12, 16, 21],
  [5, 12, 17, 21],
  [7, 14, 17, 23],
  [4, 11, 16, 19],
  [9, 12, 16, 24],
  [2, 9, 14, 17],
  [7, 11, 14, 19],
];
/** A bell on some of the beats: half-tones above C5, or none. */
const BELLS = [4, null, 7, null, 12, null, 9, 7, 5, null, 9, null, 7, null, null, 2];
/** Of full scale: it is to be talked over. */
const LOUDNESS = 0.045;

/** @param {number} halfTones above C3 */
const hertz = (halfTones) => 130.81 * 2 ** (halfTones / 12);

/** @returns {Int16Array} */
export function makeMusic() {
  const bar = 4 * BEAT;
  const sound = new Float64Array(Math.round(CHORDS.length * bar * RATE));
  CHORDS.forEach((chord, index) => {
    for (const tone of chord)
      add(sound, { from: index * bar, length: bar * 1.5, pitch: hertz(tone), attack: 0.9 });
  });
  for (let beat = 0; beat < CHORDS.length * 4; beat += 2) {
    const bell = BELLS[(beat / 2) % BELLS.length];
    if (typeof bell === 'number')
      add(sound, { from: beat * BEAT, length: 2.4, pitch: hertz(24 + bell), attack: 0.01, gain: 0.5 });
  }
  const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int16Array.from(sound, (value) => Math.round((value / peak) * LOUDNESS * 4 * 32_767));
}

/**
 * One tone, which goes on at the beginning where it lasts longer than the whole.
 *
 * @param {Float64Array} sound
 * @param {{ from: number, length: number, pitch: number, attack: number, gain?: number }} tone seconds and Hz
 */
function add(sound, { from, length, pitch, attack, gain = 1 }) {
  const count = Math.round(length * RATE);
  const start = Math.round(from * RATE);
  for (let index = 0; index < count; index += 1) {
    const time = index / RATE;
    const rise = Math.min(1, time / attack);
    const fall = Math.cos(((Math.PI / 2) * index) / count) ** 2;
    const phase = 2 * Math.PI * pitch * time;
    const wave = Math.sin(phase) + 0.25 * Math.sin(2 * phase) + 0.06 * Math.sin(3 * phase);
    const at = (start + index) % sound.length;
    sound[at] = (sound[at] ?? 0) + gain * rise * fall * wave;
  }
}
