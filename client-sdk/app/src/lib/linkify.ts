/** Finds the links in plain text, so that they can be clicked and nothing else happens. */

export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; url: string };

/** http and https only: other schemes could run script or open programs. */
const LINK = /\bhttps?:\/\/[^\s<>"'`]+/giu;
/** Signs that end a sentence rather than a link. */
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const found = match[0].replace(TRAILING, '');
    const url = URL.canParse(found) ? new URL(found) : null;
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'link', text: found, url: url.href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
