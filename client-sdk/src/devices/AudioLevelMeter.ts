let sharedContext: AudioContext | undefined;

/** One context serves all meters: browsers allow few. */
function getContext(): AudioContext {
  sharedContext ??= new AudioContext();
  if (sharedContext.state === 'suspended') void sharedContext.resume().catch(() => undefined);
  return sharedContext;
}

/** Measures how loud a track is. Close it when done. */
export class AudioLevelMeter {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;
  readonly #track: MediaStreamTrack;

  constructor(track: MediaStreamTrack) {
    const context = getContext();
    // A clone keeps measuring whatever happens to the track's consumers.
    this.#track = track.clone();
    this.#source = context.createMediaStreamSource(new MediaStream([this.#track]));
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** Loudness now, 0 (silence, below -60 dBFS) to 1 (full scale), even steps for the ear. */
  get level(): number {
    if (this.#analyser.context.state !== 'running') return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / this.#samples.length + 1e-12);
    return Math.min(1, Math.max(0, 1 + decibels / 60));
  }

  close(): void {
    this.#source.disconnect();
    this.#track.stop();
  }
}
