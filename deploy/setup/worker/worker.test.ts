import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobsFor } from './buildWorker.mjs';
import { prebuiltName, prebuiltUrl, readFromTar } from './prebuilt.mjs';
import { toSourceList } from './srtpSource.mjs';
import { findFault } from './verifyWorker.mjs';
import { workerKey } from './workerKey.mjs';

describe('workerKey', () => {
  const base = {
    version: '3.27.1',
    revision: 'abc12345',
    platform: 'linux',
    arch: 'x64',
    system: { id: 'debian', version: '12' },
  };

  it('can be read', () => {
    expect(workerKey(base)).toBe('mediasoup-3.27.1-linux-x64-debian12-abc12345');
  });

  it.each([
    { version: '3.27.2' },
    { revision: 'def67890' },
    { platform: 'darwin' },
    { arch: 'arm64' },
    { system: { id: 'debian', version: '13' } },
  ])('is another for %j', (change) => {
    expect(workerKey({ ...base, ...change })).not.toBe(workerKey(base));
  });
});

describe('prebuiltName', () => {
  it.each([
    ['linux', 'x64', '6.1.0-18-amd64', 'mediasoup-worker-3.27.1-linux-x64-kernel6.tgz'],
    ['linux', 'arm64', '5.15.0', 'mediasoup-worker-3.27.1-linux-arm64-kernel5.tgz'],
    ['darwin', 'arm64', '23.4.0', 'mediasoup-worker-3.27.1-darwin-arm64.tgz'],
    ['win32', 'x64', '10.0.22631', 'mediasoup-worker-3.27.1-win32-x64.tgz'],
  ] as const)('on %s %s with kernel %s', (platform, arch, kernel, expected) => {
    expect(prebuiltName({ version: '3.27.1', platform, arch, kernel })).toBe(expected);
    expect(prebuiltUrl({ version: '3.27.1', platform, arch, kernel })).toMatch(
      new RegExp(`/3\\.27\\.1/${expected}$`),
    );
  });
});

describe('readFromTar', () => {
  function entry(name: string, content: string): Buffer {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return Buffer.concat([header, body]);
  }
  const end = Buffer.alloc(1024);

  it('finds a file behind others', () => {
    const tar = Buffer.concat([
      entry('./', ''),
      entry('README', 'x'.repeat(700)),
      entry('./mediasoup-worker', 'ELF'),
      end,
    ]);
    expect(readFromTar(tar, /(^|\/)mediasoup-worker$/)?.toString()).toBe('ELF');
  });

  it('finds nothing in an archive without it, or in none', () => {
    expect(readFromTar(Buffer.concat([entry('other', 'x'), end]), /worker/)).toBeUndefined();
    expect(readFromTar(Buffer.from('not a tar'), /worker/)).toBeUndefined();
  });
});

describe('findFault', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parley-worker-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function script(text: string, mode = 0o755): string {
    const file = join(folder, 'worker');
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, mode);
    return file;
  }

  it('is content with what asks for its parent as the worker does', () => {
    expect(findFault(script('exit 41'))).toBeUndefined();
  });

  it.each([
    ['a program that does something else', 'exit 0', /exit code 0/],
    ['missing libraries', 'echo "libuv.so.1: cannot open" >&2; exit 127', /exit code 127, libuv/],
    ['a crash', 'kill -SEGV $$', /SIGSEGV/],
  ])('tells %s', (_, text, expected) => {
    expect(findFault(script(text))).toMatch(expected);
  });

  it('tells a file that is not there, or cannot be run', () => {
    expect(findFault(join(folder, 'none'))).toMatch(/no such file/);
    expect(findFault(script('exit 41', 0o644))).toMatch(/EACCES/);
  });
});

describe('jobsFor', () => {
  const gibibyte = 1024 ** 3;

  it.each([
    [8, 32 * gibibyte, 8],
    [8, 2 * gibibyte, 2],
    [4, 0.1 * gibibyte, 1],
  ])('%i cores and %i free bytes: %i', (cpus, free, expected) => {
    expect(jobsFor(cpus, free)).toBe(expected);
  });
});

describe('toSourceList', () => {
  const debian = [
    'Types: deb',
    '# a note',
    'URIs: http://mirror.example/debian',
    'Suites: bookworm bookworm-updates',
    'Components: main',
    'Architectures: amd64',
    'Signed-By: /usr/share/keyrings/debian.gpg',
  ].join('\n');

  it('asks the same mirrors for sources, whatever the machine’s architecture', () => {
    expect(toSourceList([{ name: 'debian.sources', text: debian }])).toBe(
      [
        'Types: deb-src',
        'URIs: http://mirror.example/debian',
        'Suites: bookworm bookworm-updates',
        'Components: main',
        'Signed-By: /usr/share/keyrings/debian.gpg\n',
      ].join('\n'),
    );
  });

  it('reads the one-line format', () => {
    const text =
      '# old\ndeb [arch=amd64 signed-by=/k.gpg] https://mirror.example/ubuntu/ jammy main universe # note\n';
    expect(toSourceList([{ name: 'sources.list', text }])).toBe(
      'Types: deb-src\nURIs: https://mirror.example/ubuntu/\nSuites: jammy\nComponents: main universe\nSigned-By: /k.gpg\n',
    );
  });

  it('leaves out others’ packages, what is switched off, and what is there twice', () => {
    const list = toSourceList([
      { name: 'debian.sources', text: `${debian}\n\n${debian}\n\nEnabled: no\n${debian}` },
      { name: 'browser.list', text: 'deb https://packages.example/stable browser main\n' },
      {
        name: 'node.sources',
        text: 'Types: deb\nURIs: https://packages.example/node\nSuites: x\nComponents: main\n',
      },
    ]);
    expect(list.match(/^Types:/gm)).toHaveLength(1);
    expect(list).not.toMatch(/packages\.example/);
  });
});
