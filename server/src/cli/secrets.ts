import { loadExistingSecrets, secretsPath } from '../auth/secrets.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { CliIo } from './io.ts';

export function printSecrets(_args: string[], io: CliIo): number {
  const config = loadConfig(io.env);
  const { apiKey, apiSecret } = loadExistingSecrets(config);
  io.out(`API key     ${apiKey}\nAPI secret  ${apiSecret}\n`);
  const { auth, dataDir } = config;
  const isConfigured = auth.apiKey !== '' && auth.apiSecret !== '';
  if (io.isTty) {
    const where = isConfigured ? 'the configuration' : secretsPath(dataDir);
    io.out(`\nFrom ${where}. Whoever has the secret can join and change every room.\n`);
  }
  return 0;
}
