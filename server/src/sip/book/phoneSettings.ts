import { isAbsolute, resolve } from 'node:path';
import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import type { Config } from '../../config/schema.ts';
import type { PhoneEntries } from './PhoneEntries.ts';

/** Whether there is anything for which SIP would be listened for. */
export const arePhonesOn = ({ enabled }: Pick<Config['sip'], 'enabled'>, entries: PhoneEntries): boolean =>
  enabled || entries.extensions.length > 0 || entries.trunks.some(({ value }) => value.enabled);

/** All that the process of phones needs; null where there is nothing to do. Trunks that are switched off are left out. */
export function phoneSettings(
  { sip, http }: Pick<Config, 'sip' | 'http'>,
  entries: PhoneEntries,
): PhoneSettings | null {
  if (!arePhonesOn(sip, entries)) return null;
  const [tlsCert, tlsKey] = sip.tlsCert === '' ? [http.tlsCert, http.tlsKey] : [sip.tlsCert, sip.tlsKey];
  const { maxCalls, messagesPerSecond, ringSeconds, maxCallSeconds, silentSeconds, sessionSeconds } =
    sip.limits;
  const port = (value: number): number | null => (value === 0 ? null : value);
  return {
    listen: {
      ...{ host: sip.host, udpPort: port(sip.udpPort), tcpPort: port(sip.tcpPort) },
      ...{ tlsPort: tlsCert === '' ? null : port(sip.tlsPort), tlsCert, tlsKey },
    },
    advertisedAddress: sip.advertisedAddress === '' ? null : sip.advertisedAddress,
    domain: sip.domain,
    rtp: { ip: sip.rtpIp, minPort: sip.rtpMinPort, maxPort: sip.rtpMaxPort },
    sfuIp: sip.sfuIp,
    trunks: entries.trunks.map(({ value }) => value).filter(({ enabled }) => enabled),
    extensions: entries.extensions.map(({ value }) => value),
    extensionNetworks: sip.extensionNetworks,
    digestAlgorithms: sip.digestAlgorithms,
    limits: { maxCalls, messagesPerSecond, ringSeconds, maxCallSeconds, silentSeconds, sessionSeconds },
    promptsFolder: folderOf(sip.promptsFolder),
    language: sip.language,
  };
}

const folderOf = (folder: string): string | null =>
  folder === '' ? null : isAbsolute(folder) ? folder : resolve(folder);
