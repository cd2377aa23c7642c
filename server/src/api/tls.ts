/** The certificate of https: a configured one, or one made here for the devices of the LAN. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { readPrivateFile, writePrivateFile } from '../auth/privateFile.ts';
import type { Config } from '../config/schema.ts';
import { ownNames } from './addresses.ts';

const DAY = 86_400_000;
/** Apple devices take none that is valid for longer than 825 days. */
const VALID_DAYS = 365;
const RENEW_DAYS = 30;

export interface Certificate {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
}

/** The certificate cannot be used; the message says why and what to do. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** The certificate of http.tlsCert and http.tlsKey, or undefined when none is configured. Throws CertificateError. */
export function configuredCertificate(http: Config['http']): Certificate | undefined {
  if (http.tlsCert === '' && http.tlsKey === '') return undefined;
  if (http.tlsCert === '' || http.tlsKey === '') {
    throw new CertificateError(
      'Only one of http.tlsCert (PARLEY_HTTP_TLS_CERT) and http.tlsKey (PARLEY_HTTP_TLS_KEY) is set. Set both, or none.',
    );
  }
  const cert = read('http.tlsCert', http.tlsCert);
  const key = read('http.tlsKey', http.tlsKey);
  const problem = problemOf({ cert, key });
  if (problem) {
    throw new CertificateError(
      `http.tlsCert ${http.tlsCert} and http.tlsKey ${http.tlsKey} do not serve: ${problem}.`,
    );
  }
  return { cert, key };
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CertificateError(`${setting} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

/** What is wrong with a certificate and its key, in words; undefined when nothing is. */
function problemOf({ cert, key }: Certificate): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return 'the certificate is not in PEM';
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'the key belongs to another certificate';
  } catch {
    return 'the key is not in PEM, or it is encrypted';
  }
  return certificate.validToDate.getTime() < Date.now()
    ? `the certificate expired on ${certificate.validTo}`
    : undefined;
}

/**
 * The self-made certificate of a data folder. It is made anew when it is missing or damaged, covers a name of this
 * machine no longer, or ends within 30 days; else it stays, so that people need to accept it only once.
 */
export async function ownCertificate(
  dataDir: string,
  names: readonly string[] = ownNames(),
): Promise<Certificate> {
  // Key and certificate are one file, so that they can never be of different making.
  const path = join(dataDir, 'tls', 'self-signed.pem');
  const kept = split(readPrivateFile(path));
  if (kept && serves(kept, names)) return kept;
  const made = await makeCertificate(names);
  writePrivateFile(path, `${made.key}\n${made.cert}\n`);
  return made;
}

function split(pem: string | undefined): Certificate | undefined {
  const [key] = /-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----/s.exec(pem ?? '') ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s.exec(pem ?? '') ?? [];
  return key && cert ? { key, cert } : undefined;
}

function serves(kept: Certificate, names: readonly string[]): boolean {
  if (problemOf(kept)) return false;
  const certificate = new X509Certificate(kept.cert);
  if (certificate.validToDate.getTime() < Date.now() + RENEW_DAYS * DAY) return false;
  return names.every((name) =>
    isIP(name) ? coversAddress(certificate, name) : certificate.checkHost(name) !== undefined,
  );
}

/** Addresses are compared as addresses: IPv6 has many spellings. */
function coversAddress(certificate: X509Certificate, address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addAddress(address, family);
  const covered = certificate.subjectAltName?.match(/(?<=IP Address:)[^,]+/g) ?? [];
  return covered.some((other) => isIP(other) === isIP(address) && list.check(other, family));
}

async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const now = Date.now();
  const made = await generate([{ name: 'commonName', value: 'Parley, self-made' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A day early, for devices whose clock is behind.
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + VALID_DAYS * DAY),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { cert: made.cert.trim(), key: made.private.trim() };
}
