/** Settings of phones: where SIP and its sound come in, which trunks there are, and how much they may. */
import { DIGEST_ALGORITHMS, DispatchRule, Extension, Trunk } from '@parley/protocol';
import { LANGUAGES } from '@parley/protocol/phoneProcess';
import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const port = (value: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: value, description });
const count = (value: number, description: string, minimum = 1) =>
  Type.Integer({ minimum, maximum: 1_000_000, default: value, description });

const Limits = Type.Object(
  {
    maxCalls: count(100, 'Calls at once, of all trunks and extensions together.'),
    maxCallsPerRoom: count(50, 'Phones in one room at once, those that ring among them.'),
    maxCallsPerPerson: count(10, 'Calls that somebody has made and that go on, those that ring among them.'),
    messagesPerSecond: count(100, 'SIP messages of one source in a second; more are dropped unread.'),
    ringSeconds: Type.Integer({
      minimum: 5,
      maximum: 300,
      default: 60,
      description: 'Seconds that a call rings until it is given up.',
    }),
    maxCallSeconds: Type.Integer({
      minimum: 60,
      maximum: 604_800,
      default: 14_400,
      description: 'Seconds after which a call is ended, whoever pays for it.',
    }),
    silentSeconds: Type.Integer({
      minimum: 5,
      maximum: 600,
      default: 10,
      description: 'Seconds without any sound packet after which a call that is not on hold is ended.',
    }),
    sessionSeconds: Type.Integer({
      minimum: 90,
      maximum: 86_400,
      default: 1800,
      description: 'Seconds between which a call is asked whether it is still there (RFC 4028).',
    }),
  },
  { ...strict, default: {} },
);

const Pins = Type.Object(
  {
    length: Type.Integer({
      minimum: 6,
      maximum: 12,
      default: 8,
      description: 'Digits of PINs that are made from now on.',
    }),
    triesPerCall: Type.Integer({
      minimum: 1,
      maximum: 10,
      default: 3,
      description: 'Wrong PINs after which a call is ended.',
    }),
    triesPerCaller: count(10, 'Wrong PINs of one number in an hour after which it has to wait.'),
    triesPerTrunk: count(100, 'Wrong PINs on one trunk in an hour after which nobody on it can enter one.'),
    triesInAll: count(300, 'Wrong PINs of all in an hour after which nobody can enter one.'),
  },
  { ...strict, default: {} },
);

export const Sip = Type.Object(
  {
    enabled: Type.Boolean({
      default: false,
      description:
        'SIP is listened for although no trunk and no extension is configured. With one of them it is in any case.',
    }),
    host: Type.String({ default: '0.0.0.0', description: 'Address that SIP is listened for at.' }),
    udpPort: port(5060, 'UDP port of SIP. 0: off.'),
    tcpPort: port(5060, 'TCP port of SIP. 0: off.'),
    tlsPort: port(5061, 'TCP port of SIP over TLS; it needs a certificate. 0: off.'),
    tlsCert: Type.String({
      default: '',
      description: 'Path of the PEM certificate chain of tlsPort. Empty: http.tlsCert.',
    }),
    tlsKey: Type.String({ default: '', description: 'Path of the PEM key of sip.tlsCert.' }),
    advertisedAddress: Type.String({
      default: '',
      description:
        'IPv4 address under which trunks and phones reach this server, for SIP and for sound. Empty: the one of `sip.host`, or where that is 0.0.0.0 the first of this machine; set it on machines with several.',
    }),
    domain: Type.String({
      default: 'parley',
      pattern: '^[A-Za-z0-9][A-Za-z0-9.-]*$',
      description: 'Name of this side in SIP addresses, and realm in which extensions sign in.',
    }),
    rtpIp: Type.String({
      default: '0.0.0.0',
      description: 'Address that the sound of phones is received at.',
    }),
    rtpMinPort: Type.Integer({
      minimum: 1024,
      maximum: 65_535,
      default: 20_000,
      description: 'First UDP port of the sound of phones.',
    }),
    rtpMaxPort: Type.Integer({
      minimum: 1024,
      maximum: 65_535,
      default: 20_999,
      description: 'Last UDP port of it. A call takes two, and keeps them for half a minute after its end.',
    }),
    sfuIp: Type.String({
      default: '127.0.0.1',
      description:
        'IPv4 address by which phones and rooms of this server exchange sound. It is not encrypted: loopback, or a network of your own.',
    }),
    trunks: Type.Array(Trunk, { default: [], description: 'Trunks. More can be made by REST.' }),
    rules: Type.Array(DispatchRule, {
      default: [],
      description: 'Which call goes where. More can be made by REST.',
    }),
    extensions: Type.Array(Extension, {
      default: [],
      description: 'Phones that register with this server. More can be made by REST.',
    }),
    extensionNetworks: Type.Array(Type.String({ maxLength: 64 }), {
      default: [
        ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8'],
        ...['fc00::/7', 'fe80::/10', '::1/128'],
      ],
      description:
        'Networks (CIDR) where phones of extensions may be: yours, unless you say otherwise. What comes from elsewhere, and from no trunk, is dropped before anything is read.',
    }),
    digestAlgorithms: Type.Array(Type.Enum(DIGEST_ALGORITHMS), {
      default: [...DIGEST_ALGORITHMS],
      minItems: 1,
      description:
        'What passwords of extensions and trunks are asked for with, best first. Phones that do not register although the password is right may only know MD5, and look at the first only: then ["MD5"].',
    }),
    dialHosts: Type.Array(Type.String({ pattern: '^(\\*|[A-Za-z0-9.-]+(:[0-9]+)?)$' }), {
      default: [],
      description:
        'Hosts at which SIP addresses such as sip:ann@pbx.example.org may be called without a trunk. *: any, those of your own network among them.',
    }),
    limits: Limits,
    pins: Pins,
    promptsFolder: Type.String({
      default: '',
      description: 'Folder of sound files that replace those of the same name that come with Parley.',
    }),
    language: Type.Enum([...LANGUAGES], { default: 'en', description: 'Language that callers hear.' }),
    key: Type.String({
      default: '',
      description:
        'Key with which passwords of trunks and PINs are encrypted in the database, 32 bytes in base64. Empty: generated into phones.key in dataDir. Without it those have to be entered anew.',
    }),
  },
  { ...strict, default: {} },
);
