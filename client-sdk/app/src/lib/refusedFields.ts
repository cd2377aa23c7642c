import { ParleyError } from '@parley/client-sdk';
import type { Problems } from './phoneForms.ts';

export interface Refused {
  /** What the server says of each field of the form, such as `This is needed`. */
  fields: Problems;
  /** What it says of what has no field, in full. */
  others: readonly string[];
}

/** Which of the fields the server did not take, and what it says of each. `fields` are named as in the REST API, with slashes. */
export function refusedFields(error: unknown, fields: readonly string[]): Refused {
  const refused: { fields: Record<string, string>; others: string[] } = { fields: {}, others: [] };
  for (const { path, words } of faultsOf(error)) {
    // Of what is within a field, such as an entry of a list, the field says it.
    const field = fields.find((one) => path === one || path.startsWith(`${one}/`));
    if (field === undefined) refused.others.push(`${path.replaceAll('/', '.')} ${words}`.trim());
    else {
      const said = refused.fields[field];
      refused.fields[field] = said === undefined ? `This ${words}` : `${said}; ${words}`;
    }
  }
  return refused;
}

interface Fault {
  path: string;
  words: string;
}

/** A shape is refused by `path` and `message`, each of `problems`; a meaning by `faults`, such as `inbound.numbers has no digits`. */
function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ParleyError) || error.code !== 'INVALID_PARAMS') return [];
  const { details = {} } = error;
  const faults = listIn(details, 'faults').map(faultOfLine);
  const problems = listIn(details, 'problems');
  const shapes = (problems.length > 0 ? problems : [details]).map(faultOfShape);
  return [...faults, ...shapes].filter((fault) => fault !== null);
}

const listIn = (details: object, name: string): unknown[] => {
  const value: unknown = Reflect.get(details, name);
  return Array.isArray(value) ? value : [];
};

function faultOfLine(line: unknown): Fault | null {
  if (typeof line !== 'string') return null;
  const [, member = '', words = ''] = /^(\S*)\s+([^]*)$/.exec(line) ?? ['', '', line];
  return { path: member.replaceAll('.', '/'), words };
}

function faultOfShape(shape: unknown): Fault | null {
  if (typeof shape !== 'object' || shape === null) return null;
  const { path, message } = shape as { path?: unknown; message?: unknown };
  if (typeof path !== 'string' || typeof message !== 'string' || message === '') return null;
  return { path: path.replace(/^\//, ''), words: message };
}
