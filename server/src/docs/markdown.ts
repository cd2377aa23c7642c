/** Helpers to write Markdown from schemas. */
export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: unknown;
  description?: string;
  $ref?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** A table; a bar inside a cell does not end it, a line break does not break it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n+\s*/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Sections of a document. */
export const join = (...parts: readonly string[]): string => `${parts.filter(Boolean).join('\n\n')}\n`;

/** A type in the words of TypeScript; shapes that have a name are given by it. */
export function typeOf(schema: JsonSchema, nameOf: (schema: JsonSchema) => string | undefined): string {
  const recur = (inner: JsonSchema): string => nameOf(inner) ?? typeOf(inner, nameOf);
  if (schema.$ref) return schema.$ref.replace(/^.*\//, '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(recur).join(' | ');
  if (schema.items)
    return /[|{]/.test(recur(schema.items)) ? `(${recur(schema.items)})[]` : `${recur(schema.items)}[]`;
  if (schema.patternProperties) {
    return `Record<string, ${Object.values(schema.patternProperties).map(recur).join(' | ')}>`;
  }
  if (schema.properties) {
    const members = Object.entries(schema.properties).map(
      ([name, member]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${recur(member)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
  }
  return schema.type ?? 'unknown';
}

/** Limits of a value, in words; empty when there are none. */
export function limitsOf(schema: JsonSchema): string {
  const range = (min: number | undefined, max: number | undefined, unit: string): string => {
    if (min === undefined && max === undefined) return '';
    if (max === undefined) return `at least ${min}${unit}`;
    if (min === undefined || min === max) return `${min === max ? '' : 'at most '}${max}${unit}`;
    return `${min} to ${max}${unit}`;
  };
  return [
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
  ]
    .filter(Boolean)
    .join(', ');
}
