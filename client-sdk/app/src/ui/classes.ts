/** Joins class names, leaving out what is not there: `classes(styles.tile, speaking && styles.speaking)`. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
