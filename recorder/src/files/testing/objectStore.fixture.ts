/** A server that speaks S3 and keeps its objects in a folder. */
import { writeSync } from 'node:fs';
import { startFauxqs } from 'fauxqs';

const [port = '', dataDir = ''] = process.argv.slice(2);
const server = await startFauxqs({ port: Number(port), dataDir, logger: false });
server.createBucket('recordings');
writeSync(1, 'listening\n');
