/** Process entry: reads the configuration, starts the server, ends it on a signal. */
import { startupBanner } from './api/banner.ts';
import { loadConfig, unknownVariables } from './config/loadConfig.ts';
import { createLogger } from './observability/logger.ts';
import { Server } from './Server.ts';

/** A shutdown that hangs is cut off, so that whoever sent the signal is not kept waiting. */
const SHUTDOWN_DEADLINE_MS = 4500;

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  for (const { variable, meant } of unknownVariables())
    logger.warn(`There is no setting ${variable}. Is ${meant} meant?`);
  const server = await Server.start(config, logger);
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'signal received');
    setTimeout(() => {
      logger.error('shutting down takes too long, leaving');
      process.exit(1);
    }, SHUTDOWN_DEADLINE_MS).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutting down failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(startupBanner(server.urls, Server.version, server.adminLink));
}

main().catch((error: unknown) => {
  // What is thrown on purpose has words for an operator; anything else needs its stack.
  const isForPeople =
    error instanceof Error &&
    /^(Config|Secrets|PrivateFile|Store|Listen|Certificate|Media)Error$/.test(error.name);
  console.error(isForPeople ? `\nParley cannot start. ${error.message}\n` : error);
  process.exit(1);
});
