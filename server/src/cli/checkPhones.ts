/** What the doctor says about phones: nothing where the configuration has none. */
import { existsSync, statSync } from 'node:fs';
import type { Trunk } from '@parley/protocol';
import { lanAddresses } from '../api/addresses.ts';
import type { Config } from '../config/schema.ts';
import { canBind, canListen, isParley, PRIVATE, type Finding } from './checks.ts';

const about = 'phones';
const warn = (message: string): Finding => ({ state: 'warn', about, message });
const fail = (message: string): Finding => ({ state: 'fail', about, message });

export async function checkPhones(
  config: Config,
  addresses: readonly string[] = lanAddresses(),
): Promise<Finding[]> {
  const { sip } = config;
  if (!sip.enabled && sip.trunks.length === 0 && sip.extensions.length === 0) return [];
  const findings = [
    ...(await checkPorts(config)),
    ...checkFiles(config),
    ...checkReach(config, addresses),
    ...sip.trunks.filter(({ enabled }) => enabled).flatMap(checkTrunk),
    ...checkRules(config),
  ];
  const count = `${sip.trunks.length} trunks, ${sip.extensions.length} extensions configured`;
  return findings.length > 0 ? findings : [{ state: 'ok', about, message: count }];
}

async function checkPorts(config: Config): Promise<Finding[]> {
  const { host, udpPort, tcpPort, tlsPort, rtpMinPort, rtpMaxPort, limits } = config.sip;
  const taken: string[] = [];
  if (udpPort !== 0 && !(await canBind(udpPort, host))) taken.push(`UDP ${udpPort} (sip.udpPort)`);
  if (tcpPort !== 0 && !(await canListen(tcpPort, host))) taken.push(`TCP ${tcpPort} (sip.tcpPort)`);
  if (certificateOf(config) !== '' && tlsPort !== 0 && !(await canListen(tlsPort, host)))
    taken.push(`TCP ${tlsPort} (sip.tlsPort)`);
  const calls = Math.floor((rtpMaxPort - rtpMinPort + 1) / 2);
  return [
    ...(taken.length > 0 && !(await isParley(config))
      ? [
          fail(
            `${taken.join(', ')} taken. Stop what uses them, such as another SIP server, or set other ports.`,
          ),
        ]
      : []),
    ...(calls < limits.maxCalls
      ? [
          warn(
            `Sound has ports for ${calls} calls, and sip.limits.maxCalls is ${limits.maxCalls}. Widen sip.rtpMinPort to sip.rtpMaxPort.`,
          ),
        ]
      : []),
  ];
}

const certificateOf = ({ sip, http }: Config): string => (sip.tlsCert === '' ? http.tlsCert : sip.tlsCert);

function checkFiles(config: Config): Finding[] {
  const { tlsCert, tlsKey, promptsFolder, trunks } = config.sip;
  const files = [tlsCert, tlsKey, ...trunks.flatMap(({ tls }) => [tls?.ca, tls?.cert, tls?.key])];
  const missing = files.filter((path) => path !== undefined && path !== '' && !existsSync(path));
  const isFolder =
    promptsFolder === '' || (existsSync(promptsFolder) && statSync(promptsFolder).isDirectory());
  return [
    ...missing.map((path) => fail(`${path} is named for TLS, and is not there.`)),
    ...(isFolder ? [] : [fail(`${promptsFolder} (sip.promptsFolder) is no folder.`)]),
  ];
}

function checkReach({ sip }: Config, addresses: readonly string[]): Finding[] {
  if (sip.advertisedAddress !== '' || !addresses.every((address) => PRIVATE.test(address))) return [];
  return [
    warn(
      'Only private addresses were found: a carrier on the Internet cannot send sound here. Set sip.advertisedAddress (PARLEY_SIP_ADVERTISED_ADDRESS) to your public address.',
    ),
  ];
}

function checkTrunk({ trunkId, inbound, outbound, registration }: Trunk): Finding[] {
  const isOpenToNobody = inbound?.allowedAddresses.length === 0 && !outbound && !registration;
  return [
    ...(isOpenToNobody
      ? [
          warn(
            `Nobody can call by the trunk ${trunkId}: name the addresses of the carrier in inbound.allowedAddresses.`,
          ),
        ]
      : []),
    ...(outbound?.prefixes.length === 0
      ? [
          warn(
            `Nobody can be called by the trunk ${trunkId}: outbound.prefixes is empty. Name beginnings such as "+49".`,
          ),
        ]
      : []),
    ...(outbound?.prefixes.includes('+')
      ? [
          warn(
            `Any country can be called by the trunk ${trunkId}: outbound.prefixes has "+". Name the countries that are needed.`,
          ),
        ]
      : []),
  ];
}

/** Those of trunks that were made by REST are not known here. */
function checkRules({ sip }: Config): Finding[] {
  const known = new Set(sip.trunks.map(({ trunkId }) => trunkId));
  return sip.rules.flatMap(({ ruleId, trunkIds }) =>
    trunkIds
      .filter((trunkId) => !known.has(trunkId))
      .map((trunkId) =>
        warn(`The rule ${ruleId} names the trunk ${trunkId}, which is not in the configuration.`),
      ),
  );
}
