import type { DispatchRule, Extension, Trunk } from '@parley/protocol';
import ipaddr from 'ipaddr.js';
import type { Config } from './schema.ts';

type Sip = Config['sip'];

/** What is wrong with the settings of phones, taken together; one line each. */
export function sipProblems(sip: Sip): string[] {
  return [
    ...portProblems(sip),
    ...networkProblems(sip),
    ...(sip.key === '' || isKey(sip.key) ? [] : [line('key', 'must be 32 bytes in base64')]),
    ...duplicates(sip.trunks.map(({ trunkId }) => trunkId)).map((id) => line('trunks', `names ${id} twice`)),
    ...duplicates(sip.rules.map(({ ruleId }) => ruleId)).map((id) => line('rules', `names ${id} twice`)),
    ...duplicates(sip.extensions.map(({ extension }) => extension)).map((id) =>
      line('extensions', `names ${id} twice`),
    ),
    ...sip.trunks.flatMap((trunk, index) => told(`trunks.${index}`, trunkProblems(trunk))),
    ...sip.rules.flatMap((rule, index) => told(`rules.${index}`, ruleProblems(rule))),
    ...sip.extensions.flatMap((extension, index) =>
      told(`extensions.${index}`, extensionProblems(extension)),
    ),
  ];
}

function networkProblems({ extensionNetworks }: Sip): string[] {
  return extensionNetworks
    .filter((network) => !isNetwork(network))
    .map((network) =>
      line('extensionNetworks', `has ${network}, which is no network such as 192.168.1.0/24`),
    );
}

function portProblems({ rtpMinPort, rtpMaxPort, tlsCert, tlsKey, advertisedAddress, sfuIp }: Sip): string[] {
  return [
    ...(rtpMaxPort - rtpMinPort >= 3 ? [] : [line('rtpMaxPort', 'must leave at least four ports')]),
    ...((tlsCert === '') === (tlsKey === '')
      ? []
      : [line('tlsKey', 'is needed with tlsCert, and the other way round')]),
    ...(advertisedAddress === '' || isIpv4(advertisedAddress)
      ? []
      : [line('advertisedAddress', 'must be an IPv4 address, such as 203.0.113.5')]),
    ...(isIpv4(sfuIp) ? [] : [line('sfuIp', 'must be an IPv4 address')]),
  ];
}

/** What is wrong with a trunk beside its shape: a member, and what it must be. */
export function trunkProblems({
  inbound,
  outbound,
  registration,
  tls,
}: Trunk): [member: string, fault: string][] {
  const problems: [string, string][] = [];
  if (!inbound && !outbound)
    problems.push(['inbound', 'or outbound is needed: nobody could call, or be called']);
  for (const address of inbound?.allowedAddresses ?? [])
    if (!isNetwork(address))
      problems.push([
        'inbound.allowedAddresses',
        `has ${address}, which is no address such as 203.0.113.5 or 203.0.113.0/24`,
      ]);
  for (const number of inbound?.numbers ?? [])
    if (!isCalled(number))
      problems.push([
        'inbound.numbers',
        `has ${number}, which is no number: +4930123456, 101, or a beginning with * at its end`,
      ]);
  if (!inbound?.auth && inbound?.allowedAddresses.some((address) => /\/0$/.test(address)))
    problems.push([
      'inbound.allowedAddresses',
      'lets everybody in: name the addresses of the trunk, or set inbound.auth',
    ]);
  if ((tls?.cert === undefined) !== (tls?.key === undefined))
    problems.push(['tls.key', 'is needed with tls.cert, and the other way round']);
  if (outbound) problems.push(...outboundProblems(outbound));
  if (registration && !isHostPort(registration.registrar))
    problems.push(['registration.registrar', 'is host or host:port, such as sip.carrier.example:5060']);
  return problems;
}

function outboundProblems({
  address,
  proxy,
  fromUser,
  fromDomain,
  headers,
}: NonNullable<Trunk['outbound']>): [member: string, fault: string][] {
  const problems: [string, string][] = [];
  if (!isHostPort(address))
    problems.push(['outbound.address', 'is host or host:port, such as sip.carrier.example:5060']);
  if (proxy !== undefined && !isProxy(proxy))
    problems.push(['outbound.proxy', 'is a SIP URI, such as sip:proxy.carrier.example;lr']);
  if (fromUser !== undefined && !/^[A-Za-z0-9_.!~*'()&=+$,;?/%-]+$/.test(fromUser))
    problems.push(['outbound.fromUser', 'has characters that no user of a SIP address has']);
  if (fromDomain !== undefined && !isHostPort(fromDomain))
    problems.push(['outbound.fromDomain', 'is a host, such as sip.carrier.example']);
  for (const name of Object.keys(headers))
    if (OWN_HEADERS.has(name.toLowerCase()))
      problems.push(['outbound.headers', `has ${name}, which the server writes itself`]);
  return problems;
}

/** What routes, names and describes a call is not for a trunk to change. */
const OWN_HEADERS = new Set([
  ...['via', 'v', 'to', 't', 'from', 'f', 'call-id', 'i', 'cseq', 'contact', 'm', 'max-forwards', 'route'],
  ...['record-route', 'content-length', 'l', 'content-type', 'c', 'authorization', 'proxy-authorization'],
  ...['require', 'supported', 'k', 'session-expires', 'x', 'min-se', 'replaces', 'rack', 'allow'],
]);

export function ruleProblems({ numbers, callers, target }: DispatchRule): [member: string, fault: string][] {
  const problems: [string, string][] = [];
  for (const [member, patterns] of Object.entries({ numbers, callers }))
    for (const pattern of patterns)
      if (!isPattern(pattern)) problems.push([member, `has ${pattern}: * stands at the end only`]);
  if (target.kind === 'webhook' && !/^https?:$/.test(URL.parse(target.url)?.protocol ?? ''))
    problems.push(['target.url', 'must be an http or https URL']);
  return problems;
}

export function extensionProblems({ extension }: Extension): [member: string, fault: string][] {
  return /^[0-9]{7,}$/.test(extension)
    ? [['extension', 'must have less than seven digits, or it could not be told from a telephone number']]
    : [];
}

const told = (where: string, problems: [string, string][]): string[] =>
  problems.map(([member, fault]) => line(`${where}.${member}`, fault));

const line = (setting: string, fault: string): string => `  sip.${setting}: ${fault}`;
const duplicates = (ids: string[]): string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
];
const isIpv4 = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text);
const isNetwork = (text: string): boolean =>
  text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
const isPattern = (text: string): boolean => text !== '' && /^[^*]*\*?$/.test(text);
/** A number as people write it, or the name of an extension; or the beginning of one. */
const isCalled = (text: string): boolean => /^(\+?[0-9 ()./-]+|[A-Za-z0-9_.-]+)\*?$|^\*$/.test(text);

/** A name or an address, and a port. */
function isHostPort(text: string): boolean {
  const [, host = '', port] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isHost = host.startsWith('[') ? ipaddr.IPv6.isValid(host.slice(1, -1)) : host !== '';
  return isHost && (port === undefined || (Number(port) > 0 && Number(port) < 65_536));
}

/** A SIP URI; what it says about its host has to lead somewhere. */
function isProxy(text: string): boolean {
  const [, at = ''] = /^sips?:(?:[^\s"<>@]+@)?([^\s"<>@;?]+)(?:[;?][^\s"<>@]*)?$/i.exec(text) ?? [];
  return isHostPort(at);
}

/** 32 bytes in base64. */
export const isKey = (text: string): boolean =>
  /^[A-Za-z0-9+/]+=*$/.test(text) && Buffer.from(text, 'base64').length === 32;
