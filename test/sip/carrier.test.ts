/** Trunks as carriers have them: registered with a password, or encrypted. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/waitFor.ts';
import { Kamailio } from './support/Kamailio.ts';
import { PhoneHall } from './support/PhoneHall.ts';
import { FROM_HERE, toRoom } from './support/PhoneServer.ts';
import { freePhonePort, freeTcpPort } from './support/ports.ts';

const PASSWORD = 's3cret';
const ALICE = '+49301112222';
const EVE = '+49305556666';

let folder: string;
let certificate: { cert: string; key: string };
let kamailio: Kamailio;
let hall: PhoneHall;
let tlsPort: number;
let evePort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-carrier-'));
  certificate = makeCertificate(folder);
  kamailio = await Kamailio.start({ password: PASSWORD, numbers: { prefix: '+493010', user: 'parley' } });
  [tlsPort, evePort] = [await freeTcpPort(), await freePhonePort()];
  hall = await PhoneHall.start({
    trunks: [carrier(kamailio), carrier(kamailio, 'wrong'), encrypted(), FROM_HERE],
    rules: [toRoom('carried', '+493010'), toRoom('secret', '+493077')],
    sip: { TLS_PORT: String(tlsPort), TLS_CERT: certificate.cert, TLS_KEY: certificate.key },
  });
});
afterEach(() => hall.clear());
afterAll(async () => {
  await hall.stop();
  await kamailio.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of its own authority, for this machine. */
function makeCertificate(where: string): { cert: string; key: string } {
  const [cert, key] = [join(where, 'cert.pem'), join(where, 'key.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  execFileSync('sh', ['-c', 'cat "$1" "$2" > "$3"', 'sh', cert, key, join(where, 'both.pem')]);
  return { cert, key };
}

const carrier = ({ address }: Kamailio, password = PASSWORD) => ({
  ...{ trunkId: password === PASSWORD ? 'carrier' : 'mistaken', country: 'DE', optionsSeconds: 1 },
  inbound: { numbers: ['+493010'], allowedAddresses: [] },
  outbound: { address, auth: { username: 'parley', password }, prefixes: ['+49301'], fromUser: 'parley' },
  registration: {
    ...{ registrar: address, username: password === PASSWORD ? 'parley' : 'stranger' },
    auth: { username: 'parley', password },
  },
});

/** Whoever calls by it, or is called, encrypts. */
const encrypted = () => ({
  ...{ trunkId: 'encrypted', country: 'DE', optionsSeconds: 0, encryption: 'required' as const },
  inbound: { numbers: ['+493077'], allowedAddresses: ['127.0.0.1'] },
  outbound: { address: `127.0.0.1:${evePort + 1}`, transport: 'tls', prefixes: ['+49305'] },
  tls: { ca: certificate.cert, verify: true, alpn: false },
});

const trunk = (trunkId: string) =>
  hall.server.rest<{ state: { registration: string; reachable: string; why: string | null } }>(
    `/trunks/${trunkId}`,
  );
const dial = (room: string, target: string) =>
  hall.server.rest<{ callId: string }>(`/rooms/${room}/calls`, { method: 'POST', body: { target } });

describe('a carrier that wants registration and a password', () => {
  const alice = async () => {
    const phone = await hall.phone({
      ...{ number: ALICE, hertz: 700, domain: kamailio.address },
      account: `regint=60;auth_user=alice;auth_pass=${PASSWORD}`,
    });
    await phone.registered();
    return phone;
  };

  it('has Parley registered, which is tried again where the password is wrong', async () => {
    await waitFor('the registration', () => trunk('carrier'), {
      done: ({ state }) => state.registration === 'registered' && state.reachable === 'up',
    });
    const { state } = await waitFor('the refusal', () => trunk('mistaken'), {
      done: (seen) => seen.state.registration === 'retrying' && seen.state.reachable === 'up',
    });
    expect(state.why).toMatch(/40[137]/);
  });

  it('brings calls, and takes them; both with sound', async () => {
    await waitFor('the registration', () => trunk('carrier'), {
      done: ({ state }) => state.registration === 'registered',
    });
    const caller = await alice();
    await caller.dial(kamailio.at('+493010'));
    await caller.told('CALL_ESTABLISHED');
    const [phone] = await hall.server.phonesIn('carried', 1);
    expect(phone?.phone).toMatchObject({ direction: 'in' });
    const listener = await hall.caller('+493010', { number: '+4930222', hertz: 1100 });
    await caller.hears([1100], { not: [700] });
    await listener.hears([700], { not: [1100] });
    await caller.hangUp();
    await hall.server.phonesIn('carried', 1);

    const { callId } = await dial('carried', ALICE);
    await caller.told('CALL_ESTABLISHED', { times: 2 });
    await caller.hears([1100], { not: [700] });
    await listener.hears([700], { not: [1100] });
    // Both know it when it is ended here.
    await hall.server.rest(`/rooms/carried/calls/${callId}`, { method: 'DELETE' });
    await caller.told('CALL_CLOSED', { times: 2 });
    const calls = await hall.server.calls('?trunkId=carrier');
    expect(calls.map(({ direction, from, to }) => ({ direction, from, to }))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ direction: 'in', from: ALICE, to: '+493010' }),
        expect.objectContaining({ direction: 'out', to: ALICE }),
      ]),
    );
  });
});

describe('a trunk that must be encrypted', () => {
  const eve = (account: string) =>
    hall.phone({
      ...{ number: EVE, hertz: 700, port: evePort, account, domain: `127.0.0.1:${evePort};transport=tls` },
      config: `sip_certificate ${folder}/both.pem`,
    });

  it('has TLS and SRTP, both ways', async () => {
    const phone = await eve('regint=0;mediaenc=srtp-mand');
    await phone.dial(`sip:+493077@127.0.0.1:${tlsPort};transport=tls`);
    await phone.told('CALL_ESTABLISHED');
    expect(await phone.ask('callstat')).toMatch(/RTP\/SAVP/);
    const other = await hall.phone({ number: '+4930222', hertz: 1100, account: 'regint=0;mediaenc=srtp' });
    await other.dial(hall.server.at('+493077'));
    await phone.hears([1100], { not: [700] });
    await other.hears([700], { not: [1100] });
    await phone.hangUp();

    await dial('secret', EVE);
    await phone.told('CALL_ESTABLISHED', { times: 2 });
    expect(await phone.ask('callstat')).toMatch(/RTP\/SAVP/);
    await phone.hears([1100], { not: [700] });
    await other.hears([700], { not: [1100] });
  });

  it('refuses a phone that sends its sound in the clear', async () => {
    const phone = await hall.phone({ number: '+4930222' });
    await phone.dial(hall.server.at('+493077'));
    expect((await phone.told('CALL_CLOSED')).param).toMatch(/^488/);
    expect(await hall.server.phonesIn('secret', 0)).toEqual([]);
  });
});
