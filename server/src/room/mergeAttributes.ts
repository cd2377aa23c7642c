import { ParleyError, type Attributes } from '@parley/protocol';

const MAX_ATTRIBUTES = 32;

/** One that is set to empty text is removed. Throws LIMIT_REACHED. */
export function mergeAttributes(former: Attributes, changes: Attributes): Attributes {
  const merged = Object.entries({ ...former, ...changes }).filter(([, value]) => value !== '');
  if (merged.length > MAX_ATTRIBUTES)
    throw new ParleyError('LIMIT_REACHED', { details: { limit: 'attributes', max: MAX_ATTRIBUTES } });
  return Object.fromEntries(merged);
}
