import { parseArgs, type ParseArgsConfig } from 'node:util';
import {
  Identity,
  ROLES,
  RoleSchema,
  RoomName,
  TOKEN_SOURCES,
  TokenClaims,
  type VideoGrant,
} from '@parley/protocol';
import { Value } from 'typebox/value';
import { TokenService, type NewClaims } from '../auth/TokenService.ts';
import { loadExistingSecrets } from '../auth/secrets.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { Config } from '../config/schema.ts';
import { UsageError, type CliIo } from './io.ts';

export const TOKEN_HELP = `Usage: npm run parley -- token --room ROOM --identity WHO [options]

To join a room:
  --room ROOM            name of the room
  --identity WHO         who it is, to your application; one at a time in a room
  --name NAME            name that people see
  --role ROLE            owner, host, participant (default) or viewer
  --metadata TEXT        free text of your application
  --attribute KEY=VALUE  may be given several times
  --no-can-publish, --no-can-subscribe, --no-can-publish-data, --no-can-update-own-metadata
  --sources LIST         what may be published, such as microphone,camera,screen_share,screen_share_audio
  --hidden               not shown to others

To use the REST API (with --room, for that room only):
  --room-create          create, change and delete rooms
  --room-list            list rooms
  --room-admin           see, mute and remove participants
  --room-record          record and stream

  --ttl TIME             how long it is valid: 90s, 15m, 6h (default), 7d

In scripts, \`npm run --silent parley -- token ...\` prints the token and nothing else.
`;

const OPTIONS = {
  room: { type: 'string' },
  identity: { type: 'string' },
  name: { type: 'string' },
  role: { type: 'string' },
  metadata: { type: 'string' },
  attribute: { type: 'string', multiple: true },
  sources: { type: 'string' },
  ttl: { type: 'string', default: '6h' },
  'can-publish': { type: 'boolean' },
  'can-subscribe': { type: 'boolean' },
  'can-publish-data': { type: 'boolean' },
  'can-update-own-metadata': { type: 'boolean', default: true },
  hidden: { type: 'boolean' },
  'room-create': { type: 'boolean' },
  'room-list': { type: 'boolean' },
  'room-admin': { type: 'boolean' },
  'room-record': { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

const REST_GRANTS = ['room-create', 'room-list', 'room-admin', 'room-record'] as const;

type Values = ReturnType<typeof parse>;
const parse = (args: string[]) => parseArgs({ args, options: OPTIONS, allowNegative: true }).values;

/** Prints one token; for a person also the link to join with. */
export async function printToken(args: string[], io: CliIo): Promise<number> {
  const values = parse(args);
  const ttl = secondsOf(values.ttl);
  const claims = claimsOf(values);
  const config = loadConfig(io.env);
  const tokens = await TokenService.create(loadExistingSecrets(config), config.auth);
  const token = tokens.sign(claims, ttl);
  // What is printed is what a server would accept.
  await tokens.verify(token);
  io.out(`${token}\n`);
  if (io.isTty && claims.video?.roomJoin) {
    io.out(`\nTo join, open\n${joinLink(config.http, claims.video.room ?? '', token)}\n`);
  }
  return 0;
}

/** The token is in the fragment, which browsers send to no server. Exported for its test. */
export function joinLink(http: Config['http'], room: string, token: string): string {
  return `${baseUrl(http)}/r/${room}#token=${token}`;
}

/** Where the server of this configuration is found, from its own machine at least. */
export function baseUrl(http: Config['http']): string {
  const scheme = http.tlsCert === '' ? 'http' : 'https';
  return http.publicUrl === '' ? `${scheme}://localhost:${http.port}` : http.publicUrl.replace(/\/+$/, '');
}

function claimsOf(values: Values): NewClaims {
  const isForRest = REST_GRANTS.some((grant) => values[grant] === true);
  if (values.room === undefined && !isForRest) {
    throw new UsageError(`--room is missing: which room is the token for?\n\n${TOKEN_HELP}`);
  }
  if (values.room !== undefined && !Value.Check(RoomName, values.room)) {
    throw new UsageError(
      '--room must be made of letters, digits, "_", "." and "-", and begin with a letter or digit.',
    );
  }
  if (values.identity === undefined && !isForRest) {
    throw new UsageError(`--identity is missing: who is to join?\n\n${TOKEN_HELP}`);
  }
  if (values.identity !== undefined && !Value.Check(Identity, values.identity)) {
    throw new UsageError('--identity must have 1 to 128 characters, and no line breaks.');
  }
  if (values.role !== undefined && !Value.Check(RoleSchema, values.role)) {
    throw new UsageError(`--role must be one of ${ROLES.join(', ')}.`);
  }
  const claims = withoutUndefined({
    sub: values.identity,
    name: values.name,
    role: values.role,
    metadata: values.metadata,
    attributes: values.attribute && attributesOf(values.attribute),
    video: grantOf(values),
  });
  const whole: unknown = { ...claims, iss: '-', exp: 0 };
  if (Value.Check(TokenClaims, whole)) return claims;
  const [error] = Value.Errors(TokenClaims, whole);
  throw new UsageError(
    `--${error?.instancePath.split('/')[1] ?? 'token'}: ${error?.message ?? 'is not valid'}.`,
  );
}

function grantOf(values: Values): VideoGrant {
  const isForJoining = values.room !== undefined && values.identity !== undefined;
  return withoutUndefined({
    room: values.room,
    roomJoin: isForJoining || undefined,
    roomCreate: values['room-create'],
    roomList: values['room-list'],
    roomAdmin: values['room-admin'],
    roomRecord: values['room-record'],
    canPublish: values['can-publish'],
    canPublishSources: values.sources === undefined ? undefined : sourcesOf(values.sources),
    canSubscribe: values['can-subscribe'],
    canPublishData: values['can-publish-data'],
    canUpdateOwnMetadata: isForJoining ? values['can-update-own-metadata'] : undefined,
    hidden: values.hidden,
  });
}

function sourcesOf(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(TOKEN_SOURCES, name));
  if (unknown === undefined) return names;
  throw new UsageError(`--sources: "${unknown}" is none of ${Object.keys(TOKEN_SOURCES).join(', ')}.`);
}

function attributesOf(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new UsageError(`--attribute: write "${pair}" as KEY=VALUE.`);
      }
      return [key, value];
    }),
  );
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function secondsOf(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new UsageError(`--ttl: "${text}" is no time. Write 90s, 15m, 6h or 7d.`);
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
