import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where Chromium is; CHROMIUM_BIN wins. */
export function chromiumPath(): string {
  const found = [process.env['CHROMIUM_BIN'] ?? '', ...CANDIDATES].find(
    (path) => path !== '' && existsSync(path),
  );
  if (!found)
    throw new Error(
      'Chromium is missing. `npm test` installs it where it may; otherwise set CHROMIUM_BIN to its path.',
    );
  return found;
}

const FLAGS = [
  '--no-sandbox',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A real Chromium with a fake camera and microphone. */
export function launchChromium(
  options: { args?: string[]; executablePath?: string; without?: string[] } = {},
): Promise<Browser> {
  const { args = [], executablePath = chromiumPath(), without = [] } = options;
  return chromium.launch({
    executablePath,
    args: [...FLAGS.filter((flag) => !without.includes(flag)), ...args],
  });
}
