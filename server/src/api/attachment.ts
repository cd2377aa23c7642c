/**
 * The header Content-Disposition that has a browser save a file under this name (RFC 6266), whatever the name holds: in full
 * as RFC 8187 writes it, and for old programs with what ASCII has of it.
 */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`;
}
