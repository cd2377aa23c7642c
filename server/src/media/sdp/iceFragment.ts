import { mediaRejected } from '../mediaErrors.ts';

/** What a client says of its side of ICE after the offer (RFC 8840). */
export interface IceFragment {
  /** Undefined where it repeats nothing of the credentials. */
  credentials: { usernameFragment: string; password: string } | undefined;
  /** How many candidates it names. */
  candidates: number;
  /** There are no more. */
  isEnd: boolean;
}

const LINE = /^[a-z]=/;

/** Throws MEDIA_REJECTED when it is no fragment of a session description. */
export function parseIceFragment(text: string): IceFragment {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => LINE.test(line)))
    throw mediaRejected('The body is no SDP fragment.');
  const valueOf = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
  const usernameFragment = valueOf('ice-ufrag');
  const password = valueOf('ice-pwd');
  if ((usernameFragment === undefined) !== (password === undefined))
    throw mediaRejected('The SDP fragment has only one of ice-ufrag and ice-pwd.');
  const candidates = lines.filter((line) => line.startsWith('a=candidate:')).length;
  const isEnd = lines.includes('a=end-of-candidates');
  if (usernameFragment === undefined && candidates === 0 && !isEnd)
    throw mediaRejected('The SDP fragment says nothing of ICE.');
  return {
    credentials:
      usernameFragment === undefined || password === undefined ? undefined : { usernameFragment, password },
    candidates,
    isEnd,
  };
}
