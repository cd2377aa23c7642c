import type { FileInfo } from '@parley/protocol';

/**
 * The header Content-Disposition that has a browser save a file under this name (RFC 6266), whatever the name holds: in full
 * as RFC 8187 writes it, and for old programs with what ASCII has of it.
 */
export const attachment = (name: string): string => dispositionOf('attachment', name);

/** The same for what is to be shown or played; the name is for those who save it then. */
export const inline = (name: string): string => dispositionOf('inline', name);

function dispositionOf(how: 'attachment' | 'inline', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${ascii}"; filename*=UTF-8''${full}`;
}

export const BYTES = 'application/octet-stream';

/** Whatever a file holds: should a browser show it all the same, it may run, load and send nothing. */
const SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** With these a file that somebody shared is to be saved and not opened; pictures are shown within pages. */
export const headersOf = (file: FileInfo) => ({
  'content-type': file.isImage ? file.type : BYTES,
  'content-length': file.size,
  'content-disposition': attachment(file.name),
  'content-security-policy': SANDBOX,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
});
