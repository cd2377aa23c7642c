// The rule house/no-cycles: no file imports itself by way of others. Imports of types count too, for a circle of types
// is a circle of thoughts, and import-x/no-cycle leaves them out.
import { readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

/** @type {Map<string, { changed: number, imports: string[] }>} */
const known = new Map();

/** @param {string} file @param {string} text */
function relativeImports(file, text) {
  const { importedFiles } = ts.preProcessFile(text);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => resolve(dirname(file), fileName));
}

/** @param {string} file */
function importsOf(file) {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined || !/\.(tsx?|mjs)$/.test(file)) return [];
  const found = known.get(file);
  if (found?.changed === changed) return found.imports;
  const imports = relativeImports(file, readFileSync(file, 'utf8'));
  known.set(file, { changed, imports });
  return imports;
}

/**
 * The shortest way from one file to another along imports.
 * @param {string} from
 * @param {string} to
 */
function findPath(from, to) {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = /** @type {string} */ (way.at(-1));
    if (last === to) return way;
    for (const next of importsOf(last)) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export const noCycles = {
  meta: { type: 'problem', schema: [], messages: { cycle: 'A circle of imports: {{path}}.' } },
  create(context) {
    /** @param {{ source?: import('estree').Literal | null }} node */
    const check = ({ source }) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const path = findPath(resolve(dirname(context.filename), source.value), context.filename);
      if (!path) return;
      const names = [context.filename, ...path].map((file) => relative(context.cwd, file));
      context.report({ node: source, messageId: 'cycle', data: { path: names.join(' > ') } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};
