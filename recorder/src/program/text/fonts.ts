import { GlobalFonts } from '@napi-rs/canvas';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The face of the app, a relative of it for Cyrillic and Greek, and whatever the system has for all other scripts. */
const FACES = [
  ['figtree', ['latin', 'latin-ext']],
  ['commissioner', ['cyrillic', 'cyrillic-ext', 'greek', 'vietnamese']],
] as const;

/** Of the system, where there: else its own choice may be one with serifs. */
const SYSTEM = ['"Noto Sans"', '"DejaVu Sans"', '"Liberation Sans"', 'Arial', 'sans-serif'];

let family: string | undefined;

/** What to set as the family in `font`. Reads the files at the first call; those that are not installed are passed over. */
export function fontFamily(): string {
  family ??= [...FACES.flatMap(([face, subsets]) => register(face, subsets)), ...SYSTEM].join(', ');
  return family;
}

function register(face: string, subsets: readonly string[]): string[] {
  const folder = findPackage(`@fontsource-variable/${face}`);
  if (folder === undefined) return [];
  return subsets.flatMap((subset) => {
    const path = join(folder, 'files', `${face}-${subset}-wght-normal.woff2`);
    // Each subset is a family of its own: a family takes the letters it lacks from the next.
    const name = `parley-${face}-${subset}`;
    return existsSync(path) && GlobalFonts.registerFromPath(path, name) ? [`"${name}"`] : [];
  });
}

function findPackage(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(name));
  } catch {
    return undefined;
  }
}
