import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { LegPorts } from './LegPorts.ts';

const nowhere = [0, 65_536, 70_000, Number.NaN].map((port) => ({ address: '127.0.0.1', port }));

it('loses what cannot be sent, and nothing else', async () => {
  const phone = createSocket('udp4');
  phone.bind(0, '127.0.0.1');
  await once(phone, 'listening');
  const ports = await LegPorts.open({ ip: '127.0.0.1', port: 18_950 });
  for (const to of [...nowhere, { address: 'nonsense', port: 9 }]) {
    ports.sendRtp(Buffer.from('sound'), to);
    ports.sendRtcp(Buffer.from('report'), to);
  }
  const came = once(phone, 'message');
  ports.sendRtp(Buffer.from('heard'), { address: '127.0.0.1', port: phone.address().port });
  expect(String((await came)[0])).toBe('heard');
  await ports.close();
  ports.sendRtp(Buffer.from('late'), { address: '127.0.0.1', port: 9 });
  phone.close();
});
