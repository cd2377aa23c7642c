/** The pictures of phones in the documents, made anew: `npm run bench -- screenshots`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip } from '../sip/support/Baresip.ts';
import { freeTcpPort } from '../sip/support/ports.ts';
import { listened } from '../sip/support/PhoneServer.ts';
import { enterAs, PEOPLE } from '../support/drawnPeople.ts';
import { joinToken } from '../support/tokens.ts';
import { fits, tile, WebApp } from '../support/WebApp.ts';

const NUMBER = '+493022233344';

let app: WebApp;
let phone: Baresip;
beforeAll(async () => {
  phone = await Baresip.start({ number: NUMBER, hertz: 440 });
  const trunk = {
    ...{ trunkId: 'carrier', name: 'Berlin', country: 'DE', optionsSeconds: 5 },
    inbound: { numbers: ['+493012345678'], allowedAddresses: ['127.0.0.1'] },
    outbound: { address: `127.0.0.1:${phone.port}`, transport: 'udp', prefixes: ['+49'] },
  };
  const sipPort = await freeTcpPort();
  app = await WebApp.start({
    env: {
      ...{ PARLEY_SIP_HOST: '127.0.0.1', PARLEY_SIP_RTP_IP: '127.0.0.1', PARLEY_SIP_TLS_PORT: '0' },
      ...{ PARLEY_SIP_UDP_PORT: `${sipPort}`, PARLEY_SIP_TCP_PORT: `${sipPort}` },
      PARLEY_SIP_TRUNKS: JSON.stringify([trunk]),
    },
  });
  await listened(sipPort);
});
afterAll(async () => {
  await app.leave();
  await Promise.all([app.stop(), phone.close()]);
});

it('somebody who is called into a meeting', { timeout: 200_000, tags: 'screenshots' }, async () => {
  const token = joinToken('planning', 'amara', { claims: { role: 'owner' }, video: { canDial: true } });
  const amara = await enterAs(app, PEOPLE.amara, { path: `/r/planning#token=${token}` });
  await enterAs(app, PEOPLE.nora, { path: '/r/planning' });
  await amara.getByTestId('more').click();
  await amara.getByTestId('phones').click();
  await amara.getByTestId('dial-number').fill(NUMBER);
  await amara.getByTestId('dial-name').fill('Kofi');
  await amara.getByTestId('dial').click();
  await amara.locator('[data-testid="call"][data-state="answered"]').waitFor();
  await tile(amara, 'Kofi').waitFor();
  await amara.locator('[data-testid="tile"][data-speaking="true"]').filter({ hasText: 'Kofi' }).waitFor();
  expect(await fits(amara, 'phone-called')).toEqual([]);
});
