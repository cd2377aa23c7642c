import type { NewLiveTarget } from '@parley/client-sdk';

/** What somebody typed as a target of a live stream. */
export interface TypedTarget {
  url: string;
  key: string;
}

export const NO_TARGET: TypedTarget = { url: '', key: '' };

/** Why it cannot be used, for people; null when it can. */
export function targetProblem({ url }: TypedTarget): string | null {
  const address = url.trim();
  if (address === '') return 'Enter the address that the service gives you.';
  if (!/^rtmps?:\/\//i.test(address)) return 'The address has to begin with rtmp:// or rtmps://.';
  if (!/^rtmps?:\/\/[^/\s]+\/\S+$/i.test(address))
    return 'Something is missing: it looks like rtmps://server/application.';
  return null;
}

export function newTargetOf({ url, key }: TypedTarget): NewLiveTarget {
  return { url: url.trim(), ...(key.trim() !== '' && { key: key.trim() }) };
}
