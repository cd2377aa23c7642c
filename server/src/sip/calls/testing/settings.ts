import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import type { Extension, Trunk } from '@parley/protocol';

export const SETTINGS: PhoneSettings = {
  listen: { host: '127.0.0.1', udpPort: 0, tcpPort: null, tlsPort: null, tlsCert: '', tlsKey: '' },
  advertisedAddress: null,
  domain: 'parley.test',
  rtp: { ip: '127.0.0.1', minPort: 20_000, maxPort: 29_998 },
  sfuIp: '127.0.0.1',
  trunks: [],
  extensions: [],
  limits: {
    ...{ maxCalls: 10, messagesPerSecond: 200, ringSeconds: 30, maxCallSeconds: 600 },
    ...{ silentSeconds: 10, sessionSeconds: 1800 },
  },
  promptsFolder: null,
  language: 'en',
};

export const trunkOf = (change: Partial<Trunk> = {}): Trunk => ({
  ...{ trunkId: 'carrier', name: 'Carrier', enabled: true, registration: null, country: 'DE' },
  ...{
    codecs: ['PCMU'],
    encryption: 'off',
    symmetricRtp: true,
    inbandKeys: false,
    optionsSeconds: 0,
    maxCalls: 5,
  },
  inbound: { numbers: ['+4930123*'], allowedAddresses: ['127.0.0.1'], auth: null },
  outbound: null,
  ...change,
});

/** Calls of this trunk go to a port on loopback. */
export const outboundTo = (port: number): NonNullable<Trunk['outbound']> => ({
  ...{
    address: `127.0.0.1:${port}`,
    transport: 'udp',
    auth: null,
    callerId: '+4930999',
    callerIdHeader: 'none',
  },
  ...{ headers: {}, prefixes: ['+49'], minutesPerDay: 60, numberFormat: 'e164' },
});

export const EXTENSION: Extension = {
  ...{ extension: '201', password: 'correct horse', displayName: 'Desk', identity: null, maxContacts: 2 },
};
