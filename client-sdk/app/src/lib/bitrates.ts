/** How fast a target of a live stream is fed, over the last while. */

/** Newest last, bits/s. */
export type Bitrates = readonly number[];

const MOST = 30;

export const addBitrate = (before: Bitrates, bitrate: number): Bitrates => [...before, bitrate].slice(-MOST);

/** Points of a line from left to right in a box of 100 by 24, the highest at the top; empty for less than two. */
export function sparkline(bitrates: Bitrates): string {
  if (bitrates.length < 2) return '';
  const highest = Math.max(1, ...bitrates);
  const step = 100 / (MOST - 1);
  const from = 100 - (bitrates.length - 1) * step;
  return bitrates
    .map(
      (bitrate, index) => `${(from + index * step).toFixed(1)},${(23 - (bitrate / highest) * 21).toFixed(1)}`,
    )
    .join(' ');
}

/** `2.4 Mbit/s`, `640 kbit/s` */
export function formatBitrate(bitrate: number): string {
  if (bitrate >= 1_000_000) return `${(bitrate / 1_000_000).toFixed(1)} Mbit/s`;
  return `${Math.round(bitrate / 1000)} kbit/s`;
}
