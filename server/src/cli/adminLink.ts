import { loadConfig } from '../config/loadConfig.ts';
import type { Config } from '../config/schema.ts';
import { adminLinkUrl, makeAdminLink } from '../signin/AdminLink.ts';
import { UsageError, type CliIo } from './io.ts';
import { baseUrl } from './token.ts';

/** A new link for the server of this data folder, whether it runs or not; the one before opens nothing any more. */
export function printAdminLink(_args: string[], io: CliIo): number {
  const config: Config = loadConfig(io.env);
  const ttl = config.auth.adminLinkTtl;
  if (ttl === 0) {
    throw new UsageError(
      'auth.adminLinkTtl (PARLEY_AUTH_ADMIN_LINK_TTL) is 0: this server takes no admin links.',
    );
  }
  io.out(`${adminLinkUrl(baseUrl(config.http), makeAdminLink(config.dataDir, ttl))}\n`);
  if (io.isTty)
    io.out(
      `\nWhoever opens it is administrator. It is valid ${hoursOf(ttl)}; links made before are void from now on.\n`,
    );
  return 0;
}

/** A time in words, of seconds. */
export function hoursOf(seconds: number): string {
  const [amount, unit] =
    seconds % 3600 === 0 ? [seconds / 3600, 'hour'] : [Math.max(1, Math.round(seconds / 60)), 'minute'];
  return `for ${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
