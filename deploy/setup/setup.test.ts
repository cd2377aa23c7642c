import { describe, expect, it } from 'vitest';
import { SetupError, failureText } from './SetupError.mjs';
import { NODE_PACKAGES, findNode24 } from './node24.mjs';
import { formatBar, formatElapsed, readNinjaProgress } from './progress.mjs';
import { outerPath } from './run.mjs';
import { chromiumMajor } from './steps/testTools.mjs';
import { detectSystem, installCommand, packagesFor, parseOsRelease } from './system.mjs';
import { countResults, exitCodeFor, summaryLine } from './testSummary.mjs';
import { BUILD_TOOLS } from './worker/buildTools.mjs';

describe('failureText', () => {
  it('says what failed, what was tried in order, what to do, and where the log is', () => {
    const error = new SetupError('no usable worker', {
      attempts: [
        { way: 'the cache', outcome: 'there is no such file' },
        { way: 'the prebuilt', outcome: 'no answer in 6 s' },
      ],
      advice: ['Install ninja'],
      log: import.meta.filename,
    });
    expect(failureText('Media worker', error).split('\n')).toEqual([
      'Set-up stopped at "Media worker": no usable worker',
      '',
      'Tried, in this order:',
      '  1. the cache: there is no such file',
      '  2. the prebuilt: no answer in 6 s',
      '',
      'What to do next:',
      '  - Install ninja',
      '',
      `Full log: ${import.meta.filename}`,
    ]);
  });

  it('leaves out what there is not, and shows where an unforeseen error comes from', () => {
    expect(failureText('Step', new SetupError('broken', { log: '/none/a.log' }))).toBe(
      'Set-up stopped at "Step": broken',
    );
    expect(failureText('Step', new TypeError('odd'))).toMatch(/TypeError: odd\n\s+at /);
  });
});

describe('system', () => {
  it('reads os-release, quoted or not', () => {
    const text = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n';
    expect(parseOsRelease(text)).toEqual({ id: 'debian', version: '12', like: ['debian', ''] });
  });

  it.each([
    ['ID=debian', 'apt'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'apt'],
    ['ID=rocky\nID_LIKE="rhel centos fedora"', 'dnf'],
    ['ID=alpine', 'apk'],
    ['ID=unheard-of', undefined],
    ['', undefined],
  ])('knows the package manager of %j', (text, expected) => {
    expect(detectSystem('linux', text).manager).toBe(expected);
  });

  it('gives a command to copy, with sudo where that is needed', () => {
    const debian = detectSystem('linux', 'ID=debian');
    expect(installCommand(debian, ['ninja-build'], false)).toBe(
      'sudo apt-get install -y --no-install-recommends ninja-build',
    );
    expect(installCommand(debian, ['ninja-build'], true)).toMatch(/^apt-get /);
    expect(installCommand(detectSystem('darwin'), ['ninja'], false)).toBe('brew install ninja');
    expect(installCommand(detectSystem('linux', ''), ['ninja'], false)).toBeUndefined();
  });

  it('has a package for every build tool on Debian, and each once', () => {
    const packages = packagesFor(
      detectSystem('linux', 'ID=debian'),
      BUILD_TOOLS.map((tool) => tool.packages),
    );
    expect(packages).toEqual([
      'build-essential',
      'cmake',
      'ninja-build',
      'pkg-config',
      'libuv1-dev',
      'libssl-dev',
      'libabsl-dev',
      'libsrtp2-dev',
      'flatbuffers-compiler',
      'libflatbuffers-dev',
    ]);
  });
});

describe('findNode24', () => {
  const own = '/usr/bin/node';

  it.each(Object.keys(NODE_PACKAGES))('takes the installed one on %s', (platform) => {
    const node = findNode24({ platform, version: '20.20.2', exists: () => true, own });
    expect(node).toContain(NODE_PACKAGES[platform]);
  });

  it('takes the machine’s own when that is new enough, and none otherwise', () => {
    const machine = { platform: 'linux-riscv64', exists: () => false, own };
    expect(findNode24({ ...machine, version: '24.0.0' })).toBe(own);
    expect(findNode24({ ...machine, version: '22.12.0' })).toBeUndefined();
  });
});

describe('progress', () => {
  it('reads the count of ninja and draws it', () => {
    expect(readNinjaProgress('[130/260] Building CXX object a.cpp.o')).toBe(0.5);
    expect(readNinjaProgress('ninja: no work to do.')).toBeUndefined();
    expect(formatBar(0.5)).toBe('[############............]  50 %');
  });

  it.each([
    [400, '0 s'],
    [59_000, '59 s'],
    [332_000, '5 min 32 s'],
  ])('%i ms are %s', (ms, expected) => expect(formatElapsed(ms)).toBe(expected));
});

describe('test run', () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [],
  };

  it('ends in one plain line', () => {
    expect(summaryLine(countResults(report))).toBe('7 passed, 0 failed, 3 skipped');
  });

  it('counts a file that could not be loaded as a failure, and a run without a report too', () => {
    const broken = { ...report, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(countResults(broken).failed).toBe(1);
    expect(countResults(undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it.each([
    [{ passed: 7, failed: 0, skipped: 0 }, 0, 0],
    [{ passed: 7, failed: 1, skipped: 0 }, 0, 1],
    [{ passed: 0, failed: 0, skipped: 5 }, 0, 1],
    [{ passed: 7, failed: 0, skipped: 0 }, 1, 1],
  ])('%j with vitest’s %i ends with %i', (counts, vitestCode, expected) => {
    expect(exitCodeFor(counts, vitestCode)).toBe(expected);
  });
});

describe('small readers', () => {
  it.each([
    ['Chromium 156.0.7000.1 built on Debian', 156],
    ['Google Chrome 131.0.6778.85 ', 131],
    ['', 0],
    [undefined, 0],
  ])('the browser’s version in %j is %i', (text, expected) => expect(chromiumMajor(text)).toBe(expected));

  it('hides the project’s own programs from npm', () => {
    expect(outerPath('/p/node_modules/.bin:/usr/bin:/home/ann/bin')).toBe('/usr/bin:/home/ann/bin');
  });
});
