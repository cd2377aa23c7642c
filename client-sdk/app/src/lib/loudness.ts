/** From dBov (-127 silent, 0 loudest; RFC 6464) to 0..1 as it is seen: speech lies between -60 and -10. */
export function loudnessOf(dBov: number): number {
  if (!Number.isFinite(dBov)) return 0;
  return Math.min(1, Math.max(0, (dBov + 60) / 50));
}
