/** Names that people give their files: shown to others and offered for saving, never used as a path here. Pure. */

const MAX_LENGTH = 200;

/**
 * The name without folders and without what does not show: control characters, and those that turn the direction of
 * writing, by which `gnp.exe` can be made to look like `exe.png`.
 */
export function cleanFileName(name: string): string {
  const [base = ''] = name.split(/[/\\]/).slice(-1);
  const shown = base
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .trim()
    // Windows leaves out dots and spaces at the end, and would see another extension.
    .replace(/[. ]+$/, '');
  if (shown.replace(/^\.+/, '') === '') return 'file';
  if (shown.length <= MAX_LENGTH) return shown;
  const extension = extensionOf(shown);
  const end = extension.length > 0 && extension.length <= 16 ? `.${extension}` : '';
  return `${shown.slice(0, MAX_LENGTH - end.length).toWellFormed()}${end}`;
}

/** In lower case and without a dot; empty when there is none. */
export const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
