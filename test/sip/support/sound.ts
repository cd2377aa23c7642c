/** Sound as samples: tones are made, and found again in what was recorded. */
const FULL_SCALE = 32_768;
const HEADER = 44;
const PEAK = 0.3;

/** A WAV file of 16 bits and one channel: a tone, or silence without one. */
export function wavOf({
  hertz,
  seconds,
  rate,
}: {
  hertz: number | undefined;
  seconds: number;
  rate: number;
}): Buffer {
  const count = Math.round(seconds * rate);
  const file = Buffer.alloc(HEADER + 2 * count);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(2 * rate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * count, 40);
  if (hertz !== undefined)
    for (let at = 0; at < count; at += 1) {
      const sample = PEAK * FULL_SCALE * Math.sin((2 * Math.PI * hertz * at) / rate);
      file.writeInt16LE(Math.round(sample), HEADER + 2 * at);
    }
  return file;
}

export interface Recording {
  readonly rate: number;
  readonly samples: Int16Array;
}

/** What a WAV file holds so far, also while it is being written: its first channel. */
export function readRecording(file: Buffer): Recording {
  if (file.length < HEADER) return { rate: 8000, samples: new Int16Array(0) };
  const start = file.indexOf('data', 12, 'latin1') + 8;
  const frame = 2 * file.readUInt16LE(22);
  const samples = Int16Array.from(
    { length: Math.max(0, Math.floor((file.length - start) / frame)) },
    (_, at) => file.readInt16LE(start + frame * at),
  );
  return { rate: file.readUInt32LE(24), samples };
}

/** How loud a frequency is in samples, as the peak of a sine in dB of full scale (Goertzel). */
export function loudnessOf({ samples, rate }: Recording, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let [s1, s2] = [0, 0];
  for (const sample of samples) [s1, s2] = [sample / FULL_SCALE + coefficient * s1 - s2, s1];
  const power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return 10 * Math.log10(Math.max(1e-12, (4 * power) / Math.max(1, samples.length) ** 2));
}
