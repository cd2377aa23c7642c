/** One frame without its times. */
export interface Assembled {
  readonly data: Buffer;
  readonly keyFrame: boolean;
}

/**
 * Makes a frame of the payloads of all its packets, in order and complete. Undefined when they make no frame: what comes from
 * the network is never a reason to throw. It may keep what later frames need (parameter sets).
 */
export type Depacketizer = (payloads: readonly Buffer[]) => Assembled | undefined;
