/** What becomes of one application message: who gets it, and what they read. Pure. */
import { ParleyError, decodeDataFrame, encodeDataFrame, type OutgoingDataHeader } from '@parley/protocol';

const MAX_TOPIC_LENGTH = 128;

/** Subchannels are mediasoup's numbers for groups of data consumers; here each participant has one of their own. */
export interface RoutedFrame {
  frame: Uint8Array<ArrayBuffer>;
  /** Who gets it; nobody when it is empty. */
  to: number[];
}

/**
 * Reads a message of a participant and stamps the sender on it. `subchannels` are those of everybody within reach; the
 * sender and who is not within reach do not get it.
 * Throws INVALID_REQUEST or FRAME_TOO_LARGE.
 */
export function routeDataFrame(
  frame: Uint8Array,
  sender: { participantId: string; subchannel: number },
  subchannels: ReadonlyMap<string, number>,
): RoutedFrame {
  const { header, payload } = decodeDataFrame(frame);
  const { topic, to } = checkHeader(header);
  return {
    frame: encodeDataFrame({ topic, from: sender.participantId }, payload),
    to: subchannelsOf(to?.length ? to : [...subchannels.keys()], sender.subchannel, subchannels),
  };
}

function checkHeader(header: unknown): OutgoingDataHeader {
  if (typeof header !== 'object' || header === null) throw new ParleyError('INVALID_REQUEST');
  const topic: unknown = 'topic' in header ? header.topic : undefined;
  const to: unknown = 'to' in header ? header.to : undefined;
  if (typeof topic !== 'string' || topic.length > MAX_TOPIC_LENGTH) throw new ParleyError('INVALID_REQUEST');
  if (to === undefined) return { topic };
  if (!Array.isArray(to) || !to.every((id) => typeof id === 'string'))
    throw new ParleyError('INVALID_REQUEST');
  return { topic, to };
}

function subchannelsOf(
  to: readonly string[],
  sender: number,
  subchannels: ReadonlyMap<string, number>,
): number[] {
  const found = to.flatMap((participantId) => subchannels.get(participantId) ?? []);
  return [...new Set(found)].filter((subchannel) => subchannel !== sender);
}
