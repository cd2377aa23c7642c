/** Two short tones and a pause, as long as something rings. Made here, so that nothing has to be loaded first. */

const TONES_HZ = [523, 659] as const;
const TONE_S = 0.4;
const PAUSE_S = 0.25;
const EVERY_MS = 3000;
const LOUDNESS = 0.12;
const FADE_S = 0.03;

export class Ringtone {
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Browsers keep silent until somebody has touched the page; then the next ring is heard. */
  start(): void {
    if (this.#context) return;
    const context = new AudioContext();
    this.#context = context;
    const ring = () => {
      void context.resume().catch(() => undefined);
      if (context.state !== 'running') return;
      for (const at of [0, TONE_S + PAUSE_S]) play(context, context.currentTime + at);
    };
    ring();
    this.#timer = setInterval(ring, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = undefined;
  }
}

function play(context: AudioContext, at: number): void {
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + FADE_S);
  gain.gain.setValueAtTime(LOUDNESS, at + TONE_S - FADE_S);
  gain.gain.linearRampToValueAtTime(0, at + TONE_S);
  for (const hertz of TONES_HZ) {
    const tone = context.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(at);
    tone.stop(at + TONE_S);
  }
}
