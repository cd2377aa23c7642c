import type { SdpSection } from './description.ts';

/** Names that say which layer is larger, smallest first, as they are used by convention. */
const NAMED = [
  ['q', 'h', 'f'],
  ['l', 'm', 'h'],
  ['lo', 'mid', 'hi'],
  ['low', 'mid', 'high'],
  ['low', 'medium', 'high'],
];

/**
 * The rids of a simulcast from the smallest layer to the largest. No standard says which is which: RFC 8853 lists the most
 * wanted first, browsers list the smallest first. So what is said of sizes counts, then names; plain numbers count down, as
 * OBS has it (0 is the full picture); else it is the order of browsers.
 */
export function ridsBySize(rids: SdpSection['rids']): string[] {
  const names = rids.map(({ rid }) => rid);
  for (const limit of ['max-height', 'max-width', 'max-fs', 'max-br']) {
    const values = rids.map(({ parameters }) => Number(parameters[limit] ?? Number.NaN));
    if (values.every(Number.isFinite) && new Set(values).size === values.length)
      return rids
        .map(({ rid }, index) => ({ rid, value: values[index] ?? 0 }))
        .sort((a, b) => a.value - b.value)
        .map(({ rid }) => rid);
  }
  const known = NAMED.find((order) => names.every((name) => order.includes(name)));
  if (known) return names.toSorted((a, b) => known.indexOf(a) - known.indexOf(b));
  if (names.every((name) => /^\d+$/.test(name))) return names.toSorted((a, b) => Number(b) - Number(a));
  return names;
}
