/** All sound within the recorder: 48 kHz, left and right in turn, -1 to 1, mixed in blocks of 20 ms. */
export const SAMPLE_RATE = 48_000;
export const CHANNELS = 2;
export const BLOCK_MS = 20;
/** Samples of each channel in a block. */
export const BLOCK_FRAMES = (SAMPLE_RATE * BLOCK_MS) / 1000;
