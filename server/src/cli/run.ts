import { PrivateFileError } from '../auth/privateFile.ts';
import { SecretsError } from '../auth/secrets.ts';
import { ConfigError } from '../config/loadConfig.ts';
import { RecorderConfigError } from '../egress/settings.ts';
import { printAdminLink } from './adminLink.ts';
import { printConfig } from './config.ts';
import { runDoctor } from './doctor.ts';
import { UsageError, type CliIo } from './io.ts';
import { RECORDINGS_HELP, runRecordings } from './recordings.ts';
import { printSecrets } from './secrets.ts';
import { TOKEN_HELP, printToken } from './token.ts';

type Command = (args: string[], io: CliIo) => number | Promise<number>;

const HELP = `Usage: npm run parley -- COMMAND

  token       print a token, to join a room or to use the REST API (token --help)
  admin-link  print a link to sign in with as administrator, in place of the one before
  secrets     print the API key and secret, which app servers sign tokens with
  recordings  make one film of recorded tracks (recordings --help)
  config      print every setting, its present value and its meaning
  doctor      check this machine, and say what to do
  help        print this
`;

const printHelp: Command = (_args, io) => {
  io.out(HELP);
  return 0;
};

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['token', printToken],
  ['admin-link', printAdminLink],
  ['secrets', printSecrets],
  ['recordings', runRecordings],
  ['config', printConfig],
  ['doctor', runDoctor],
  ['help', printHelp],
]);

const HELP_OF: ReadonlyMap<string, string> = new Map([
  ['token', TOKEN_HELP],
  ['recordings', RECORDINGS_HELP],
]);

/** Runs one command and answers the exit code: 0 when all is well, 1 when the doctor found faults, 2 for errors. */
export async function run(argv: readonly string[], io: CliIo & { err(text: string): void }): Promise<number> {
  const [name = 'help', ...args] = argv;
  const command = COMMANDS.get(name.replace(/^(-h|--help)$/, 'help'));
  try {
    if (!command) throw new UsageError(`There is no command "${name}".\n\n${HELP}`);
    if (args.some((arg) => arg === '-h' || arg === '--help')) {
      io.out(HELP_OF.get(name) ?? HELP);
      return 0;
    }
    return await command(args, io);
  } catch (error) {
    if (!isExpected(error)) throw error;
    io.err(`${error.message.trimEnd()}\n`);
    return 2;
  }
}

function isExpected(error: unknown): error is Error {
  const kinds = [UsageError, ConfigError, RecorderConfigError, SecretsError, PrivateFileError];
  if (kinds.some((kind) => error instanceof kind)) return true;
  // What parseArgs of Node says about an option is good enough to be shown.
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
