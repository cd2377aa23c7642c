/** Uploads a file, telling each part that has arrived, until it is killed. */
import { writeSync } from 'node:fs';
import { S3Store, S3Upload } from '../index.ts';

const [endpoint = '', path = '', statePath = '', key = ''] = process.argv.slice(2);
const store = new S3Store({
  ...{ endpoint, region: 'us-east-1', bucket: 'recordings' },
  ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
});
const onProgress = (done: number) => writeSync(1, `${String(done)}\n`);
await new S3Upload({ store, key, path, statePath, partBytes: 5 * 1024 * 1024, onProgress }).run();
