import { loadConfig, unknownVariables } from '../config/loadConfig.ts';
import {
  checkAddresses,
  checkDataFolder,
  checkRecordingsFolder,
  checkFfmpeg,
  checkNode,
  checkPorts,
  checkSettings,
  checkWorker,
  type Finding,
} from './checks.ts';
import { checkPhones } from './checkPhones.ts';
import type { CliIo } from './io.ts';

/** One line for each check. Exit code 1 when one failed. */
export async function runDoctor(_args: string[], io: CliIo): Promise<number> {
  const config = loadConfig(io.env);
  const findings: Finding[] = [
    checkNode(process.versions.node),
    checkWorker(config.media.workerBin || io.env['MEDIASOUP_WORKER_BIN']),
    checkFfmpeg(io.env),
    ...(await checkPorts(config)),
    checkAddresses(config.media.announcedAddresses),
    ...(await checkPhones(config)),
    ...checkDataFolder(config),
    ...checkRecordingsFolder(config),
    ...checkSettings(unknownVariables(io.env)),
  ];
  for (const { state, about, message } of findings) {
    io.out(`${state.padEnd(5)} ${about.padEnd(15)} ${message}\n`);
  }
  const failures = findings.filter(({ state }) => state === 'fail').length;
  const warnings = findings.filter(({ state }) => state === 'warn').length;
  io.out(failures + warnings === 0 ? '\nAll is well.\n' : `\n${failures} failed, ${warnings} to look at.\n`);
  return failures === 0 ? 0 : 1;
}
