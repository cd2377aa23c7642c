// Who may import whom: one table, from which the rules of eslint.config.mjs are made.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

const base = ['auth', 'config', 'observability', 'util'];
const domain = [...base, 'media', 'room'];

/**
 * The folders of server/src, lowest first, and the other folders that each may import.
 * What stands beside them (index.ts, Server.ts) and cli, docs wire the parts together, so they may import any.
 * @type {Record<string, string[]>}
 */
const serverFolders = {
  util: [],
  config: ['util'],
  observability: ['config', 'util'],
  auth: ['config', 'observability', 'util'],
  media: base,
  room: [...base, 'media'],
  history: [...base, 'room'],
  schedules: [...base, 'room'],
  recordings: [...base, 'room'],
  signin: base,
  live: base,
  // The edges: they never import one another, and the first three reach media only through a room.
  signalling: [...base, 'room'],
  api: [...base, 'room', 'history', 'recordings', 'schedules', 'signin', 'live'],
  webhooks: [...base, 'room'],
  store: [...base, 'room', 'history', 'recordings', 'schedules', 'signin'],
  whip: domain,
  egress: [...domain, 'recordings', 'live'],
  sip: domain,
  cluster: domain,
};

/** The parts of the repository, and the other parts that each may import. */
const parts = {
  'server/protocol': [],
  // To play recordings, the server reads the files that recorders have encrypted, and their copies in a bucket.
  'server/src': ['server/protocol', 'recorder/src/vault', 'recorder/src/files/s3'],
  // It joins rooms as everybody does.
  recorder: ['server/protocol', 'client-sdk/src/signal'],
  'client-sdk/src': ['server/protocol'],
  'client-sdk/react': ['server/protocol', 'client-sdk/src'],
  'client-sdk/app': ['client-sdk/src', 'client-sdk/react'],
  deploy: [],
};

/** npm puts packages beside a workspace, too, where versions differ. */
const packages = ['.', 'server', 'client-sdk', 'client-sdk/app', 'recorder', 'test'].map(
  (folder) => `./${folder}/node_modules`,
);

/** @param {string} target @param {string[]} allowed @param {string} message */
const zone = (target, allowed, message) => ({
  target: `./${target}`,
  from: '.',
  except: [`./${target}`, ...packages, ...allowed.map((folder) => `./${folder}`)],
  message,
});

/** A folder that the table does not name would be under no rule at all. */
function assertAllNamed() {
  const src = join(root, 'server/src');
  const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unnamed = folders
    .map(({ name }) => name)
    .filter((name) => !['cli', 'docs', ...Object.keys(serverFolders)].includes(name));
  if (unnamed.length > 0)
    throw new Error(`deploy/lint/layers.mjs must say what may be imported by: ${unnamed.join(', ')}`);
}

/** Zones for import-x/no-restricted-paths. */
export function importZones() {
  assertAllNamed();
  const list = (/** @type {string[]} */ names) => names.join(', ') || 'nothing';
  return [
    ...Object.entries(parts).map(([part, allowed]) =>
      zone(part, allowed, `${part} may import of ours: ${list(allowed)}.`),
    ),
    ...Object.entries(serverFolders).map(([folder, allowed]) =>
      zone(
        `server/src/${folder}`,
        [
          ...(folder === 'recordings' ? ['recorder/src/vault', 'recorder/src/files/s3'] : []),
          ...['server/protocol', ...allowed.map((name) => `server/src/${name}`)],
        ],
        `server/src/${folder} may import: ${list(allowed)}, protocol.`,
      ),
    ),
    {
      target: './server/src/cli',
      from: './server/src/{index,Server}.ts',
      message: 'The command line does not start the server.',
    },
  ].filter(({ target }) => existsSync(join(root, target)));
}

const mediasoup = {
  regex: '^mediasoup($|/)',
  message: 'Only server/src/media knows mediasoup.',
};
const mediasoupClient = {
  regex: '^mediasoup-client($|/)',
  message: 'Only client-sdk/src knows mediasoup-client.',
};
const server = { regex: '^@parley/server($|/)', message: 'Nobody imports the server.' };
const extension = {
  regex: '^\\.\\.?/.*(?<!\\.(tsx?|mjs|json|css|svg)(\\?\\w+)?)$',
  message: 'A relative import ends in the name of the file, .ts included: Node runs it as it is.',
};
const heavyProtocol = {
  regex: '^@parley/protocol$',
  allowTypeImports: true,
  message: 'At run time only /errors, /constants, /dataFrame and /initials: TypeBox is not for the browser.',
};
const protocolInApp = {
  regex: '^@parley/(?!client-sdk(/react)?$)',
  message: 'The app knows only @parley/client-sdk and @parley/client-sdk/react.',
};

/** Options of @typescript-eslint/no-restricted-imports, for each place that has its own; later ones replace earlier ones. */
export const packageRules = [
  { files: ['**/*.{ts,tsx,mjs}'], patterns: [mediasoup, mediasoupClient, server, extension] },
  { files: ['server/src/media/**'], patterns: [mediasoupClient, server, extension] },
  { files: ['client-sdk/src/**'], patterns: [mediasoup, server, extension, heavyProtocol] },
  {
    files: ['client-sdk/react/**'],
    patterns: [mediasoup, mediasoupClient, server, extension, heavyProtocol],
  },
  { files: ['client-sdk/app/**'], patterns: [mediasoup, mediasoupClient, extension, protocolInApp] },
];
