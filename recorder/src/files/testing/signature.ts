import { createHash, createHmac, type BinaryLike } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';

const sha256 = (data: BinaryLike) => createHash('sha256').update(data).digest('hex');
const hmac = (key: BinaryLike, text: string) => createHmac('sha256', key).update(text).digest();

/** What RFC 3986 leaves as it is stays so, all else is written as %XX. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The signature (AWS Signature Version 4) that a request should have, made from what arrived. */
function signatureOf(request: IncomingMessage, at: { region: string; secretAccessKey: string }): string {
  const { method = '', headers } = request;
  const url = new URL(request.url ?? '', 'http://host');
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const path = url.pathname.split('/').map((part) => encode(decodeURIComponent(part)));
  const hash = String(headers['x-amz-content-sha256']);
  const canonical = [method, path.join('/'), query.join('&'), lines.join(''), signed, hash].join('\n');
  const date = String(headers['x-amz-date']);
  const scope = [date.slice(0, 8), at.region, 's3', 'aws4_request'];
  const key = scope.reduce<BinaryLike>((last, text) => hmac(last, text), `AWS4${at.secretAccessKey}`);
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n')).toString('hex');
}

/** Answers 200 to requests that are signed right and whose body is what they say, 403 to others. */
export function verify(who: { region: string; secretAccessKey: string }): RequestListener {
  return (request, response) => {
    const body: Buffer[] = [];
    request.on('data', (piece: Buffer) => body.push(piece));
    request.on('end', () => {
      const isWhole = sha256(Buffer.concat(body)) === request.headers['x-amz-content-sha256'];
      const isSigned =
        request.headers.authorization?.endsWith(`Signature=${signatureOf(request, who)}`) ?? false;
      response.writeHead(isWhole && isSigned ? 200 : 403).end();
    });
  };
}
