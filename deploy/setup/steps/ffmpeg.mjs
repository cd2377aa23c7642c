// ffmpeg: meetings do without, recording and streaming do not. A start only mentions it; the tests need it.
import { existsSync } from 'node:fs';
import { inRoot } from '../paths.mjs';
import { detectSystem, hasProgram, installCommand, packagesFor } from '../system.mjs';

/** @type {import('../worker/buildTools.mjs').Tool} */
export const FFMPEG = {
  name: 'ffmpeg',
  isThere: hasFfmpeg,
  packages: {
    apt: ['ffmpeg'],
    dnf: ['ffmpeg-free'],
    pacman: ['ffmpeg'],
    apk: ['ffmpeg'],
    zypper: ['ffmpeg'],
    brew: ['ffmpeg'],
  },
};

/** The same places as in recorder/src/findFfmpeg.ts, which says what is wrong when there is none. */
export function hasFfmpeg() {
  const named = process.env['FFMPEG_BIN'];
  return (
    (named !== undefined && existsSync(named)) ||
    existsSync(inRoot('node_modules/ffmpeg-static/ffmpeg')) ||
    hasProgram('ffmpeg')
  );
}

/** @type {import('../runSteps.mjs').Step} */
export const ffmpegStep = {
  name: 'ffmpeg',
  isDone: hasFfmpeg,
  run: async (progress) => {
    progress.warn();
    const command = installCommand(detectSystem(), packagesFor(detectSystem(), [FFMPEG.packages]));
    return `not found; recording and live streams need it${command ? ` (${command})` : ''}`;
  },
};
