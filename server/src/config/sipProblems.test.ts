import { expect, it } from 'vitest';
import { loadConfig } from './loadConfig.ts';

const sip = (settings: Record<string, unknown>) => {
  const env: NodeJS.ProcessEnv = { PARLEY_DATA_DIR: '/nonexistent' };
  for (const [name, value] of Object.entries(settings))
    env[`PARLEY_SIP_${name}`] = typeof value === 'string' ? value : JSON.stringify(value);
  return loadConfig(env).sip;
};
const trunk = (more: object) => ({ TRUNKS: [{ trunkId: 'a', name: 'A', ...more }] });
const rule = (more: object) => ({ RULES: [{ ruleId: 'r', target: { kind: 'pin' }, ...more }] });

it('a trunk needs little: all else has defaults', () => {
  const [made] = sip(trunk({ outbound: { address: 'sip.example.org' }, country: 'DE' })).trunks;
  expect(made).toMatchObject({
    ...{
      enabled: true,
      country: 'DE',
      inbound: null,
      registration: null,
      encryption: 'optional',
      maxCalls: 30,
    },
    outbound: {
      address: 'sip.example.org',
      auth: null,
      prefixes: [],
      minutesPerDay: 600,
      numberFormat: 'e164',
    },
  });
});

it.each([
  [trunk({}), 'sip.trunks.0.inbound: or outbound is needed'],
  [trunk({ inbound: { numbrs: [] } }), 'sip.trunks.0.inbound.numbrs: is no setting'],
  [trunk({ inbound: { allowedAddresses: ['10.0.0.0/33'] } }), 'has 10.0.0.0/33, which is no address'],
  [trunk({ inbound: { numbers: ['+49*30'] } }), 'has +49*30, which is no number'],
  [trunk({ inbound: { numbers: ['call me'] } }), 'has call me, which is no number'],
  [trunk({ inbound: { allowedAddresses: ['0.0.0.0/0'] } }), 'lets everybody in'],
  [
    trunk({ outbound: { address: '192.0.2.1:99999' } }),
    'sip.trunks.0.outbound.address: is host or host:port',
  ],
  [trunk({ outbound: { address: 'b', proxy: 'http://x' } }), 'sip.trunks.0.outbound.proxy: is a SIP URI'],
  [
    trunk({ outbound: { address: 'b', proxy: 'sip:p:99999;lr' } }),
    'sip.trunks.0.outbound.proxy: is a SIP URI',
  ],
  [trunk({ outbound: { address: 'b', proxy: 'sip:c:0;lr' } }), 'sip.trunks.0.outbound.proxy: is a SIP URI'],
  [trunk({ outbound: { address: 'b', proxy: 'sip:c d' } }), 'sip.trunks.0.outbound.proxy: is a SIP URI'],
  [trunk({ outbound: { address: 'b', fromUser: 'a"@<x>' } }), 'sip.trunks.0.outbound.fromUser'],
  [trunk({ outbound: { address: 'b', fromDomain: 'b c' } }), 'sip.trunks.0.outbound.fromDomain'],
  [trunk({ outbound: { address: 'b', headers: { Via: 'x' } } }), 'has Via, which the server writes itself'],
  [trunk({ name: 'A\r\nContact: x', inbound: {} }), 'sip.trunks.0.name'],
  [trunk({ outbound: { address: 'sip:a@b' } }), 'sip.trunks.0.outbound.address: is host or host:port'],
  [trunk({ outbound: { address: 'b', headers: { 'X-A': 'a\nb' } } }), 'sip.trunks.0.outbound'],
  [trunk({ inbound: {}, tls: { verify: true, alpn: false, cert: '/a' } }), 'sip.trunks.0.tls.key: is needed'],
  [{ TRUNKS: [1, 2].map(() => ({ trunkId: 'a', name: '', inbound: {} })) }, 'sip.trunks: names a twice'],
  [rule({ numbers: ['*1'] }), 'sip.rules.0.numbers: has *1'],
  [
    rule({ target: { kind: 'webhook', url: 'file:///etc/passwd' } }),
    'sip.rules.0.target.url: must be an http',
  ],
  [{ EXTENSIONS: [{ extension: '4930123456', password: '12345678' }] }, 'less than seven digits'],
  [{ EXTENSIONS: [{ extension: '100', password: 'short' }] }, 'sip.extensions.0.password'],
  [{ RTP_MIN_PORT: '20000', RTP_MAX_PORT: '20001' }, 'sip.rtpMaxPort: must leave at least four'],
  [{ ADVERTISED_ADDRESS: 'pbx.example.org' }, 'sip.advertisedAddress: must be an IPv4 address'],
  [{ EXTENSION_NETWORKS: ['192.168.1.0/40'] }, 'sip.extensionNetworks: has 192.168.1.0/40'],
  [{ TLS_CERT: '/cert' }, 'sip.tlsKey: is needed'],
  [{ KEY: 'short' }, 'sip.key: must be 32 bytes'],
])('%j is refused: %s', (settings, words) => expect(() => sip(settings)).toThrow(words));
