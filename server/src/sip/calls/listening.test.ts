import { expect, it } from 'vitest';
import { listenersOf } from './listening.ts';

it('goes on without TLS where its certificate cannot be had, and says so', () => {
  const listen = { host: '127.0.0.1', udpPort: 5060, tcpPort: null, tlsPort: 5061 };
  const { listeners, fault } = listenersOf({ ...listen, tlsCert: '/none/cert', tlsKey: '/none/key' });
  expect(listeners.map(({ transport }) => transport)).toEqual(['UDP']);
  expect(fault).toMatch(/sip\.tlsCert.*\/none\/cert/);
  expect(listenersOf({ ...listen, tlsPort: null, tlsCert: '', tlsKey: '' }).fault).toBeNull();
});
