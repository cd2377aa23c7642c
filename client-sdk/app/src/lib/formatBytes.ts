const UNITS = ['kB', 'MB', 'GB'] as const;

/** A size as people read it: two digits that count, in units of 1024 as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 9.95 ? Number(size.toFixed(1)) : Math.round(size)} ${UNITS[unit]}`;
}
