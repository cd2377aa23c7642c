import type { Flow } from './Flow.ts';

/** Sends by a flow. What it throws is told like any other failure, later: a timer of ours that sends has nobody who would catch it. */
export function sendBy(flow: Flow, data: Buffer, failed?: (error: unknown) => void): void {
  try {
    flow.send(data, failed);
  } catch (error) {
    if (failed) setImmediate(failed, error);
  }
}
