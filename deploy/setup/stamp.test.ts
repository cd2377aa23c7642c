import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashPaths } from './hash.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parley-stamp-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('stamp', () => {
  it('is read as it was written, and not there before', () => {
    const file = join(folder, 'deep', 'stamp');
    expect(readStamp(file)).toBeUndefined();
    writeStamp(file, 'one');
    writeStamp(file, 'two');
    expect(readStamp(file)).toBe('two');
  });
});

describe('hashPaths', () => {
  const hash = () => hashPaths([folder], folder);

  it('changes with content, with names and with files that come', () => {
    write('src/a.ts', 'a');
    const states = [hash()];
    write('src/a.ts', 'b');
    states.push(hash());
    write('src/b.ts', 'a');
    states.push(hash());
    expect(new Set(states).size).toBe(3);
  });

  it('does not see generated folders', () => {
    write('src/a.ts', 'a');
    const before = hash();
    write('dist/a.js', 'a');
    write('node_modules/x/index.js', 'x');
    expect(hash()).toBe(before);
  });

  it('does not mix up a name and a content', () => {
    write('ab', 'c');
    const one = hashPaths([join(folder, 'ab')], folder);
    write('a', 'bc');
    expect(hashPaths([join(folder, 'a')], folder)).not.toBe(one);
  });

  it('is the same for two checkouts of one state, and takes a missing path as empty', () => {
    write('one/src/a.ts', 'a');
    write('two/src/a.ts', 'a');
    expect(hashPaths([join(folder, 'one')], join(folder, 'one'))).toBe(
      hashPaths([join(folder, 'two')], join(folder, 'two')),
    );
    expect(() => hashPaths([join(folder, 'none')])).not.toThrow();
  });
});
