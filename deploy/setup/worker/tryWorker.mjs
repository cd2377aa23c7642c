// Run by verifyWorker.mjs: `node tryWorker.mjs BINARY` ends with 0 when mediasoup can work with that worker.
const [binary = ''] = process.argv.slice(2);
process.env['MEDIASOUP_WORKER_BIN'] = binary;
const mediasoup = await import('mediasoup');

const worker = await mediasoup.createWorker({ logLevel: 'warn', workerBin: binary });
worker.on('died', (error) => {
  console.error(error.message);
  process.exit(1);
});
/** @type {import('mediasoup').types.TransportListenInfo} */
const listenInfo = { protocol: 'udp', ip: '127.0.0.1' };
const webRtcServer = await worker.createWebRtcServer({ listenInfos: [listenInfo] });
const router = await worker.createRouter({
  mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
});
const transport = await router.createWebRtcTransport({ webRtcServer, enableSctp: true });
const plain = await router.createPlainTransport({ listenInfo, enableSrtp: true });
// Connecting makes an SRTP session, so the SRTP library is asked too.
await plain.connect({
  ip: '127.0.0.1',
  port: 9,
  srtpParameters: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: Buffer.alloc(44, 7).toString('base64') },
});
const { iceCandidates } = /** @type {{ iceCandidates: unknown[] }} */ (await transport.dump());
if (iceCandidates.length === 0) throw new Error('a transport has no candidate');
worker.close();
