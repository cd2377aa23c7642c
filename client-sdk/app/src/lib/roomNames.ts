/** `Montag: Büro & Küche` becomes `montag-buro-kuche`; empty when nothing is left. */
export function nameFromTitle(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
}
