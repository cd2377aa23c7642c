/** What is typed about trunks, rules and extensions, and what is sent of it. Fields are named as in the REST API. */
import type { RuleBody, RuleInfo, TrunkBody, TrunkInfo } from '@parley/client-sdk';

/** What is wrong, by field. */
export type Problems = Readonly<Record<string, string>>;

const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const E164 = /^\+[1-9]\d{1,14}$/;
const NUMBER = /^(\*|\+?\d{1,15}\*?|[\w.-]{1,31}\*?)$/;
const PREFIX = /^\+\d{0,14}$/;
const ADDRESS = /^[0-9a-fA-F.:]{2,45}(\/\d{1,3})?$/;
const HOST = /^\[?[A-Za-z0-9.:_-]{1,253}\]?$/;

/** Lines, commas and spaces part what is in a list. */
export const listOf = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '');
/** Numbers may be typed with spaces; only lines and commas part them. */
export const numbersOf = (text: string): string[] =>
  text
    .split(/[\n,;]+/)
    .map((part) => part.replace(/[\s()/]|(?<=\d)-(?=\d)/g, ''))
    .filter((part) => part !== '');
export const linesOf = (list: readonly string[]): string => list.join('\n');

export interface TrunkWish {
  trunkId: string;
  name: string;
  country: string;
  enabled: boolean;
  in: { on: boolean; numbers: string; addresses: string; username: string; password: string };
  out: {
    on: boolean;
    address: string;
    transport: string;
    username: string;
    password: string;
    callerId: string;
    prefixes: string;
    minutes: string;
    format: string;
  };
  register: { on: boolean; registrar: string; username: string; authName: string; password: string };
  encryption: string;
  maxCalls: string;
  optionsSeconds: string;
}

/** Of a trunk that is there; or empty, for a new one. */
export function trunkWishOf(trunk: TrunkInfo | null): TrunkWish {
  const { inbound = null, outbound = null, registration = null } = trunk ?? {};
  return {
    ...{ trunkId: trunk?.trunkId ?? '', name: trunk?.name ?? '', country: trunk?.country ?? '' },
    enabled: trunk?.enabled ?? true,
    in: {
      on: trunk === null || inbound !== null,
      ...{ numbers: linesOf(inbound?.numbers ?? ['*']), addresses: linesOf(inbound?.allowedAddresses ?? []) },
      ...{ username: inbound?.auth?.username ?? '', password: '' },
    },
    out: {
      ...{ on: outbound !== null, address: outbound?.address ?? '', transport: outbound?.transport ?? 'udp' },
      ...{ username: outbound?.auth?.username ?? '', password: '', callerId: outbound?.callerId ?? '' },
      ...{ prefixes: linesOf(outbound?.prefixes ?? []), minutes: String(outbound?.minutesPerDay ?? 600) },
      format: outbound?.numberFormat ?? 'e164',
    },
    register: {
      ...{ on: registration !== null, registrar: registration?.registrar ?? '' },
      ...{
        username: registration?.username ?? '',
        authName: registration?.auth.username ?? '',
        password: '',
      },
    },
    encryption: trunk?.encryption ?? 'optional',
    maxCalls: String(trunk?.maxCalls ?? 30),
    optionsSeconds: String(trunk?.optionsSeconds ?? 60),
  };
}

type Check = [field: string, isWrong: boolean, problem: string];

const problemsOf = (checks: Check[]): Problems =>
  Object.fromEntries(checks.filter(([, isWrong]) => isWrong).map(([field, , problem]) => [field, problem]));

const isWhole = (text: string, least: number, most: number): boolean =>
  /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;

/** Fields that say what is wrong with them. */
export const TRUNK_FIELDS = [
  ...['trunkId', 'name', 'country', 'inbound/numbers', 'inbound/allowedAddresses'],
  ...['inbound/auth/username', 'inbound/auth/password', 'outbound/address', 'outbound/auth/username'],
  ...['outbound/auth/password', 'outbound/prefixes', 'outbound/callerId', 'outbound/minutesPerDay'],
  ...['registration/registrar', 'registration/username', 'registration/auth/username'],
  ...['registration/auth/password', 'maxCalls', 'optionsSeconds'],
];
export const RULE_FIELDS = ['ruleId', 'priority', 'numbers', 'callers', 'trunkIds', 'target'];

/** Calls are taken from addresses that are named, from those that are called or registered with, and for a password. */
const hearsNobody = ({ in: { on, addresses, username }, out, register }: TrunkWish): boolean =>
  on && listOf(addresses).length === 0 && username.trim() === '' && !out.on && !register.on;

/** Without a user it would not be sent. */
const isNobodys = ({ on, username, password }: { on: boolean; username: string; password: string }) =>
  on && password !== '' && username.trim() === '';
const WHOSE_PASSWORD = 'A password needs its user.';

export function trunkProblems(wish: TrunkWish, taken: readonly string[]): Problems {
  const { in: inbound, out, register } = wish;
  const wrongNumber = numbersOf(inbound.numbers).find((number) => !NUMBER.test(number));
  const wrongAddress = listOf(inbound.addresses).find((address) => !ADDRESS.test(address));
  const wrongPrefix = numbersOf(out.prefixes).find((prefix) => !PREFIX.test(prefix));
  return problemsOf([
    ['trunkId', !ID.test(wish.trunkId), 'Letters, digits and - _ . only, and a letter or digit first.'],
    ['trunkId', taken.includes(wish.trunkId), 'There is a trunk of that name already.'],
    ['country', !/^[A-Z]{2}$/.test(wish.country), 'Two letters, such as DE or US.'],
    ['inbound/numbers', inbound.on && numbersOf(inbound.numbers).length === 0, 'Write * to take any number.'],
    [
      'inbound/numbers',
      inbound.on && wrongNumber !== undefined,
      `${wrongNumber ?? ''} is no number: write +493012345678, or a beginning such as +4930*.`,
    ],
    [
      'inbound/allowedAddresses',
      inbound.on && wrongAddress !== undefined,
      `${wrongAddress ?? ''} is no address: write 203.0.113.7, or a network such as 203.0.113.0/28.`,
    ],
    [
      'inbound/allowedAddresses',
      hearsNobody(wish),
      'Nobody could call: write the addresses that calls come from, or a user and a password below.',
    ],
    ['inbound/auth/username', isNobodys(inbound), WHOSE_PASSWORD],
    ['outbound/auth/username', isNobodys(out), WHOSE_PASSWORD],
    ['outbound/address', out.on && !HOST.test(out.address), 'Host, or host:port, such as sip.example.org.'],
    [
      'outbound/callerId',
      out.on && out.callerId !== '' && !E164.test(out.callerId),
      'Write it as +493012345678.',
    ],
    [
      'outbound/prefixes',
      out.on && wrongPrefix !== undefined,
      `${wrongPrefix ?? ''} is no beginning of a number: write +49.`,
    ],
    ['outbound/minutesPerDay', out.on && !isWhole(out.minutes, 0, 999_999), 'A whole number of minutes.'],
    ['registration/registrar', register.on && !HOST.test(register.registrar), 'Host, or host:port.'],
    ['registration/username', register.on && register.username === '', 'The user that the carrier gave you.'],
    ['maxCalls', !isWhole(wish.maxCalls, 1, 999_999), 'A whole number, 1 at least.'],
    ['optionsSeconds', !isWhole(wish.optionsSeconds, 0, 3600), '0 to 3600 seconds; 0 is never.'],
  ]);
}

const authOf = ({ username, password }: { username: string; password: string }) =>
  username.trim() === '' ? null : { username: username.trim(), ...(password !== '' && { password }) };

/** What the form does not show stays as it is in `present`. */
export function trunkBodyOf(wish: TrunkWish, present: TrunkInfo | null): TrunkBody {
  const { in: inbound, out, register } = wish;
  const { inbound: inboundNow, outbound: outboundNow, registration: registrationNow } = present ?? {};
  return {
    ...untouched(present),
    ...{ name: wish.name.trim(), country: wish.country, enabled: wish.enabled },
    encryption: oneOf(wish.encryption, ['off', 'optional', 'required'], 'optional'),
    ...{ maxCalls: Number(wish.maxCalls), optionsSeconds: Number(wish.optionsSeconds) },
    inbound: inbound.on
      ? {
          ...inboundNow,
          ...{ numbers: numbersOf(inbound.numbers), allowedAddresses: listOf(inbound.addresses) },
          auth: authOf(inbound),
        }
      : null,
    outbound: out.on
      ? {
          ...outboundNow,
          ...{ address: out.address, transport: oneOf(out.transport, ['udp', 'tcp', 'tls'], 'udp') },
          ...{ auth: authOf(out), callerId: out.callerId === '' ? null : out.callerId },
          ...{ prefixes: numbersOf(out.prefixes), minutesPerDay: Number(out.minutes) },
          numberFormat: oneOf(out.format, ['e164', 'digits', 'national'], 'e164'),
        }
      : null,
    registration: register.on
      ? {
          ...registrationNow,
          ...{ registrar: register.registrar, username: register.username },
          auth: {
            username: register.authName === '' ? register.username : register.authName,
            ...(register.password !== '' && { password: register.password }),
          },
        }
      : null,
  };
}

function untouched(present: TrunkInfo | null): TrunkBody {
  if (present === null) return {};
  const { tls } = present;
  return {
    ...without(
      present,
      'trunkId',
      'fixed',
      'state',
      'minutesToday',
      'inbound',
      'outbound',
      'registration',
      'tls',
    ),
    // Files of certificates can be named in the configuration only.
    ...(tls !== undefined && { tls: without(tls, 'ca', 'cert', 'key') }),
  };
}

function without<T extends object, K extends keyof T & string>(from: T, ...names: K[]): Omit<T, K> {
  const kept = Object.entries(from).filter(([name]) => !names.some((one) => one === name));
  return Object.fromEntries(kept) as Omit<T, K>;
}

const oneOf = <T extends string>(value: string, known: readonly T[], otherwise: T): T =>
  known.find((one) => one === value) ?? otherwise;

export interface RuleWish {
  ruleId: string;
  priority: string;
  numbers: string;
  callers: string;
  trunkId: string;
  kind: RuleInfo['target']['kind'];
  /** Room, identity, address or status, as the kind has it. */
  value: string;
}

export function ruleWishOf(rule: RuleInfo | null): RuleWish {
  const { target } = rule ?? {};
  return {
    ...{ ruleId: rule?.ruleId ?? '', priority: String(rule?.priority ?? 100) },
    ...{ numbers: linesOf(rule?.numbers ?? []), callers: linesOf(rule?.callers ?? []) },
    ...{ trunkId: rule?.trunkIds.join(' ') ?? '', kind: target?.kind ?? 'room' },
    value: valueOf(target),
  };
}

function valueOf(target: RuleInfo['target'] | undefined): string {
  switch (target?.kind) {
    case 'room':
      return target.room;
    case 'user':
      return target.identity;
    case 'webhook':
      return target.url;
    case 'reject':
      return String(target.status);
    default:
      return '';
  }
}

const VALUE_PROBLEMS: Record<RuleWish['kind'], (value: string) => string | null> = {
  room: (value) => (ID.test(value) ? null : 'Name of a room, as it stands in its link.'),
  pin: () => null,
  user: (value) => (value === '' ? 'Whose apps are to ring.' : null),
  webhook: (value) =>
    /^https?:\/\/[^\s]+$/.test(value) ? null : 'An address such as https://example.org/calls.',
  reject: (value) => (isWhole(value, 400, 699) ? null : 'A status of SIP from 400 to 699, such as 603.'),
};

export function ruleProblems(wish: RuleWish, taken: readonly string[]): Problems {
  const wrong = (text: string) => numbersOf(text).find((number) => !NUMBER.test(number));
  const [number, caller] = [wrong(wish.numbers), wrong(wish.callers)];
  const value = VALUE_PROBLEMS[wish.kind](wish.value);
  const like = 'is no number: write +493012345678, or a beginning such as +4930*.';
  return problemsOf([
    ['ruleId', !ID.test(wish.ruleId), 'Letters, digits and - _ . only, and a letter or digit first.'],
    ['ruleId', taken.includes(wish.ruleId), 'There is a rule of that name already.'],
    ['priority', !isWhole(wish.priority, 0, 10_000), '0 to 10000; the lowest that fits is taken.'],
    ['numbers', number !== undefined, `${number ?? ''} ${like}`],
    ['callers', caller !== undefined, `${caller ?? ''} ${like}`],
    ['target', value !== null, value ?? ''],
  ]);
}

export function ruleBodyOf({ kind, value, priority, ...wish }: RuleWish): RuleBody {
  return {
    ...{ priority: Number(priority), numbers: numbersOf(wish.numbers), callers: numbersOf(wish.callers) },
    trunkIds: listOf(wish.trunkId),
    target: targetOf(kind, value),
  };
}

function targetOf(kind: RuleWish['kind'], value: string): RuleBody['target'] {
  switch (kind) {
    case 'room':
      return { kind, room: value };
    case 'user':
      return { kind, identity: value };
    case 'webhook':
      return { kind, url: value };
    case 'reject':
      return { kind, status: Number(value) };
    case 'pin':
      return { kind };
  }
}
