// What each command needs, in order: later steps use what earlier ones put in place.
import { appStep } from './app.mjs';
import { dependenciesStep } from './dependencies.mjs';
import { ffmpegStep } from './ffmpeg.mjs';
import { testToolsStep } from './testTools.mjs';
import { workerStep } from './worker.mjs';

/** For the command line and the checks: packages only. */
export const packagesOnly = [dependenciesStep];

/** For a running server. */
export const toStart = [dependenciesStep, workerStep, appStep, ffmpegStep];

/** For the tests. They come first that may end in "install this by hand". */
export const toTest = [dependenciesStep, testToolsStep, workerStep, appStep];
