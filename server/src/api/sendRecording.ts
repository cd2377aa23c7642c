/** Answers with a file of the library: whole or a part of it, decrypted as it goes out. */
import { Readable } from 'node:stream';
import { ParleyError } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenedFile } from '../recordings/Library.ts';
import { attachment, inline } from './attachment.ts';
import { byteRangeOf, namesTag } from './byteRange.ts';

/** Whatever a file holds: a browser plays or shows it, and it may run, load and send nothing. */
const SANDBOX =
  "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";
/** How often it is looked at while bytes go out whether they may still have them, ms. */
const CHECK_MS = 1000;

/** Takes the file over, and closes it. Throws RANGE_REFUSED. */
export async function sendRecording(
  request: FastifyRequest,
  reply: FastifyReply,
  { file, download }: { file: OpenedFile; download: boolean },
): Promise<FastifyReply> {
  const { reader, etag, mimeType, name } = file;
  const { size } = reader;
  void reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'content-type': mimeType,
    'content-disposition': download ? attachment(name) : inline(name),
    'content-security-policy': SANDBOX,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, no-store',
  });
  if (namesTag(request.headers['if-none-match'], etag)) {
    await reader.close();
    return reply.code(304).send();
  }
  // A part of what the client has not got is of no use to it (RFC 9110 section 13.1.5).
  const ifRange = request.headers['if-range'];
  const isCurrent = ifRange === undefined || ifRange === etag;
  const range = byteRangeOf(isCurrent ? request.headers.range : undefined, size);
  if (range === 'none') {
    await reader.close();
    void reply.header('content-range', `bytes */${size}`);
    throw new ParleyError('RANGE_REFUSED', { details: { size } });
  }
  const { first, last } = range === 'whole' ? { first: 0, last: size - 1 } : range;
  if (range !== 'whole') void reply.code(206).header('content-range', `bytes ${first}-${last}/${size}`);
  void reply.header('content-length', last - first + 1);
  return reply.send(request.method === 'HEAD' ? await nothing(file) : streamOf(file, first, last + 1));
}

/** Closes the file with the stream, also with one that nobody read: who asked for it may be gone by now. */
function streamOf(file: OpenedFile, start: number, end: number): Readable {
  const stream = Readable.from(bytesOf(file, start, end), { objectMode: false });
  // A generator that was never begun has no `finally`. What was only read has nothing to lose in closing.
  stream.once('close', () => void file.reader.close().catch(() => undefined));
  return stream;
}

/** HEAD has the headers of GET, and no bytes are read for it. */
async function nothing({ reader }: OpenedFile): Promise<Readable> {
  await reader.close();
  return Readable.from([]);
}

/** Ends with an error, which cuts the connection, as soon as they may not have it any more. */
async function* bytesOf(
  { reader, assertAllowed }: OpenedFile,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let checkedAt = performance.now();
  for await (const piece of reader.read(start, end)) {
    if (performance.now() - checkedAt >= CHECK_MS) {
      assertAllowed();
      checkedAt = performance.now();
    }
    yield piece;
  }
}
