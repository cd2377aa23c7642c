/** Every setting, with its default and its meaning. The configuration table of the README is generated from this. */
import { LOBBY_POLICIES } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import { Live, Recorder } from './recorderSchema.ts';
import { Sip } from './sipSchema.ts';
import { Whip } from './whipSchema.ts';

const strict = { additionalProperties: false } as const;
const port = (description: string, value: number) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: value, description });

const Http = Type.Object(
  {
    host: Type.String({ default: '0.0.0.0', description: 'Address the web server listens on.' }),
    port: port('Port of http (or of https, when a certificate is configured). 0 takes a free one.', 8080),
    lanHttpsPort: port(
      'Port of https with a generated certificate, for other devices on the LAN. 0 switches it off.',
      8443,
    ),
    tlsCert: Type.String({
      default: '',
      description: 'Path of a PEM certificate chain. With tlsKey, http.port speaks https.',
    }),
    tlsKey: Type.String({ default: '', description: 'Path of the PEM key of tlsCert.' }),
    publicUrl: Type.String({
      default: '',
      description: 'URL under which people reach the server, when a proxy stands before it.',
    }),
    allowedOrigins: Type.Array(Type.String(), {
      default: [],
      description:
        'Origins of web pages that may use REST and WebSocket from elsewhere, such as https://app.example.org. Empty allows all; the server’s own pages are always allowed.',
    }),
    trustProxy: Type.Boolean({
      default: false,
      description: 'Believe X-Forwarded-* of a proxy. Only when one stands before the server.',
    }),
  },
  { ...strict, default: {} },
);

const Media = Type.Object(
  {
    workers: Type.Integer({
      minimum: 0,
      maximum: 256,
      default: 0,
      description: 'Media workers. 0 is one for each processor core.',
    }),
    listenIp: Type.String({
      default: '',
      description:
        'Address that media ports listen on. Empty: every address that the machine has when it starts, and loopback.',
    }),
    announcedAddresses: Type.Array(Type.String(), {
      default: [],
      description:
        'IPv4, IPv6 addresses or host names under which clients reach the media ports. Empty: the addresses of the network interfaces.',
    }),
    port: port('First media port, UDP and TCP; each worker takes one. 0 takes free ones.', 40_000),
    maxIncomingBitrate: Type.Integer({
      minimum: 0,
      default: 10_000_000,
      description: 'Most that one participant may send, bits/s.',
    }),
    initialOutgoingBitrate: Type.Integer({
      minimum: 100_000,
      default: 1_000_000,
      description: 'First guess of a downlink, bits/s.',
    }),
    recorderIp: Type.String({
      default: '127.0.0.1',
      description:
        'IPv4 address from which recorders get the media of rooms. It is not encrypted: loopback, or a network of your own.',
    }),
    watchdogInterval: Type.Integer({
      minimum: 100,
      default: 1000,
      description: 'Milliseconds between looks at each worker.',
    }),
    watchdogTimeout: Type.Integer({
      minimum: 500,
      default: 2500,
      description: 'Milliseconds without an answer after which a worker is killed and replaced.',
    }),
    workerBin: Type.String({
      default: '',
      description: 'Path of the mediasoup worker. Empty: what set-up provided.',
    }),
    iceServers: Type.Array(
      Type.Object(
        {
          urls: Type.Array(Type.String()),
          username: Type.Optional(Type.String()),
          credential: Type.Optional(Type.String()),
        },
        strict,
      ),
      { default: [], description: 'STUN and TURN servers given to clients.' },
    ),
  },
  { ...strict, default: {} },
);

const Rooms = Type.Object(
  {
    guestsCreate: Type.Boolean({
      default: true,
      description: 'People without a token may start a room that does not exist yet.',
    }),
    autoCreate: Type.Boolean({
      default: true,
      description: 'A valid token for a room that does not exist creates it.',
    }),
    guestsAllowed: Type.Boolean({ default: true, description: 'Default of the room setting guestsAllowed.' }),
    maxParticipants: Type.Integer({
      minimum: 0,
      default: 0,
      description: 'Default of the room setting maxParticipants. 0 is no limit.',
    }),
    emptyTimeout: Type.Integer({
      minimum: 0,
      default: 300,
      description: 'Default of the room setting emptyTimeout, seconds.',
    }),
    hostAbsentTimeout: Type.Integer({
      minimum: 0,
      default: 0,
      description: 'Default of the room setting hostAbsentTimeout, seconds. 0 is never.',
    }),
    maxDuration: Type.Integer({
      minimum: 0,
      default: 0,
      description: 'Default of the room setting maxDuration, seconds. 0 is without end.',
    }),
    successorDelay: Type.Integer({
      minimum: 0,
      default: 15_000,
      description:
        'Milliseconds without a host after which the successor of a room may admit from its lobby.',
    }),
    lobby: Type.Enum(LOBBY_POLICIES, {
      default: 'off',
      description: 'Default of the room setting lobby: who waits until a host lets them in.',
    }),
  },
  { ...strict, default: {} },
);

/** Programs that Windows starts when somebody opens them. */
const PROGRAMS = 'bat,cmd,com,cpl,exe,hta,lnk,msi,pif,ps1,reg,scr,vbe,vbs,wsf'.split(',');
const bytes = (description: string, value: number) =>
  Type.Integer({ minimum: 0, default: value, description });

const Files = Type.Object(
  {
    maxBytes: bytes('Largest file that may be shared, bytes.', 25 * 2 ** 20),
    quotaBytesPerRoom: bytes('Most that the files of a room may take, bytes.', 2 ** 30),
    quotaBytesTotal: bytes('Most that all files may take, bytes. 0 is no limit.', 20 * 2 ** 30),
    allowedExtensions: Type.Array(Type.String(), {
      default: [],
      description: 'File name extensions that may be shared, such as pdf. Empty: all that are not blocked.',
    }),
    blockedExtensions: Type.Array(Type.String(), {
      default: PROGRAMS,
      description: 'File name extensions that may not be shared.',
    }),
  },
  { ...strict, default: {} },
);
const Chat = Type.Object({ files: Files }, { ...strict, default: {} });

const Signalling = Type.Object(
  {
    helloTimeout: Type.Integer({
      minimum: 100,
      default: 5000,
      description: 'Milliseconds until a silent socket is closed.',
    }),
    resumeWindow: Type.Integer({
      minimum: 0,
      default: 60_000,
      description: 'Milliseconds a dropped session is kept.',
    }),
    pingTimeout: Type.Integer({
      minimum: 1000,
      default: 15_000,
      description: 'Milliseconds of silence after which a socket is dead.',
    }),
    maxRequestsPerSecond: Type.Integer({
      minimum: 1,
      default: 100,
      description: 'Requests of one session, on average over a second; twice that in a burst.',
    }),
    maxSocketsPerAddress: Type.Integer({
      minimum: 0,
      default: 1000,
      description: 'Open sockets of one address. 0 is no limit.',
    }),
  },
  { ...strict, default: {} },
);

const claim = (whose: string) =>
  Type.Object(
    {
      name: Type.String({
        default: '',
        description: `Claim that ${whose}, such as groups or realm_access.roles. Empty: none.`,
      }),
      value: Type.String({
        default: '',
        description: 'What the claim has to be, or to hold where it is a list.',
      }),
    },
    { ...strict, default: {} },
  );

const Oidc = Type.Object(
  {
    issuer: Type.String({
      default: '',
      description:
        'Issuer of the OpenID provider with which hosts sign in, such as https://accounts.example.org. Empty: by the admin link only.',
    }),
    clientId: Type.String({ default: '', description: 'Client that the provider knows this server as.' }),
    clientSecret: Type.String({
      default: '',
      description: 'Secret of the client. Empty: a public client, by PKCE alone.',
    }),
    scopes: Type.Array(Type.String(), {
      default: ['openid', 'profile', 'email'],
      description: 'Scopes to ask for; openid among them.',
    }),
    allowedDomains: Type.Array(Type.String(), {
      default: [],
      description: 'Domains whose e-mail addresses are hosts. * is whomever the provider signs in.',
    }),
    allowedEmails: Type.Array(Type.String(), {
      default: [],
      description: 'E-mail addresses that are hosts, beside those of the domains.',
    }),
    requiredClaim: claim('hosts must have as well'),
    adminEmails: Type.Array(Type.String(), {
      default: [],
      description: 'E-mail addresses of administrators, who manage all rooms. They are hosts, too.',
    }),
    adminClaim: claim('makes a host an administrator'),
    requireVerifiedEmail: Type.Boolean({
      default: true,
      description:
        'Believe an e-mail address only with the claim email_verified. Switch off only for a provider at which nobody can choose their address.',
    }),
  },
  { ...strict, default: {} },
);

const Auth = Type.Object(
  {
    apiKey: Type.String({
      default: '',
      description: 'API key (claim `iss` of tokens). Empty: generated on first start.',
    }),
    apiSecret: Type.String({
      default: '',
      description: 'Secret of the API key, at least 32 characters. Empty: generated on first start.',
    }),
    clockLeeway: Type.Integer({
      minimum: 0,
      maximum: 300,
      default: 60,
      description: 'Seconds by which clocks may differ.',
    }),
    guestTokenTtl: Type.Integer({
      minimum: 60,
      default: 43_200,
      description: 'Seconds a guest’s token is valid.',
    }),
    adminLinkTtl: Type.Integer({
      minimum: 0,
      maximum: 2_592_000,
      default: 43_200,
      description:
        'Seconds that the admin link is valid, and that whoever came by it stays signed in at most. 0: there is none.',
    }),
    sessionTtl: Type.Integer({
      minimum: 60,
      maximum: 31_536_000,
      default: 604_800,
      description: 'Seconds after which a host has to sign in again, whatever they did.',
    }),
    sessionIdleTimeout: Type.Integer({
      minimum: 60,
      default: 86_400,
      description: 'Seconds without a request after which a host has to sign in again.',
    }),
    oidc: Oidc,
  },
  { ...strict, default: {} },
);

const Webhooks = Type.Object(
  {
    urls: Type.Array(Type.String(), {
      default: [],
      description:
        'Where all events of all rooms are posted to: http or https. More webhooks can be made by REST.',
    }),
    allowPrivate: Type.Boolean({
      default: false,
      description:
        'Webhooks may be posted to private, loopback and other special addresses: whoever may make webhooks can then reach into your network.',
    }),
    keepDays: Type.Integer({
      minimum: 1,
      maximum: 3650,
      default: 7,
      description: 'Days that the log of deliveries is kept.',
    }),
  },
  { ...strict, default: {} },
);

const days = (what: string) =>
  Type.Integer({
    minimum: 0,
    maximum: 36_500,
    default: 0,
    description: `Days after which ${what}. 0 is never.`,
  });

const Retention = Type.Object(
  {
    messages: days('a message of the chat is deleted'),
    meetings: days(
      'a meeting that has ended is deleted: who was in it, its chat; and a scheduled one that was cancelled or is over',
    ),
    audit: days('an entry of the audit log is deleted'),
  },
  { ...strict, default: {} },
);

const Meetings = Type.Object(
  {
    dialIn: Type.Array(
      Type.Object(
        {
          label: Type.String({ maxLength: 64 }),
          number: Type.String({ maxLength: 32, pattern: '^\\+?[0-9][0-9 ()./-]*$' }),
        },
        strict,
      ),
      {
        default: [],
        description:
          'Telephone numbers that scheduled meetings name, such as [{"label": "Berlin", "number": "+49 30 1234567"}].',
      },
    ),
  },
  { ...strict, default: {} },
);

export const ConfigSchema = Type.Object(
  {
    dataDir: Type.String({
      default: 'data',
      description: 'Folder of everything that must be kept: database, secrets, certificate.',
    }),
    logLevel: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      default: 'info',
      description: 'Least serious level that is logged.',
    }),
    http: Http,
    media: Media,
    rooms: Rooms,
    chat: Chat,
    signalling: Signalling,
    auth: Auth,
    webhooks: Webhooks,
    recorder: Recorder,
    live: Live,
    retention: Retention,
    meetings: Meetings,
    whip: Whip,
    sip: Sip,
  },
  strict,
);
export type Config = Static<typeof ConfigSchema>;
