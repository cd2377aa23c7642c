const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]|:/gs;

/**
 * Whether an object anywhere in a JSON text names a member twice. JSON.parse takes the last one and other parsers the
 * first, so that two programs would read two meanings (RFC 7519 section 4). The text must be valid JSON.
 */
export function hasDuplicateKeys(json: string): boolean {
  const scopes: (Set<string> | undefined)[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{') scopes.push(new Set());
    else if (token === '[') scopes.push(undefined);
    else if (token === '}' || token === ']') scopes.pop();
    else if (token === ':' && text !== undefined) {
      const key = String(JSON.parse(text));
      const scope = scopes.at(-1);
      if (scope?.has(key)) return true;
      scope?.add(key);
    }
    text = token.startsWith('"') ? token : undefined;
  }
  return false;
}
