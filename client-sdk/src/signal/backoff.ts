const STEPS = [0, 300, 1200, 2700, 4800, 7000];

/** Milliseconds to wait before an attempt, counted from 0; a little chance keeps many clients from coming at once. */
export function defaultDelay(attempt: number): number {
  const base = STEPS[Math.min(attempt, STEPS.length - 1)] ?? 7000;
  return base === 0 ? 0 : base * (0.8 + 0.4 * Math.random());
}
