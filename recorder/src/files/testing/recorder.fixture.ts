/** Records a test picture as the recorder does, and tells the end of each fragment (ms) once it is flushed, until killed. */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { GrowingFile, VaultKey } from '../../vault/index.ts';
import { findFfmpeg } from '../../findFfmpeg.ts';
import { Mp4Fragments, WebmClusters } from '../index.ts';

const [path = '', key = '', format = ''] = process.argv.slice(2);
const isMp4 = format === 'mp4';
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=r=48000'];
const mp4 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
const fragmented = [
  '-movflags',
  'frag_keyframe+empty_moov+delay_moov+default_base_moof',
  '-frag_duration',
  '500000',
];
const webm = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-c:a', 'libopus'];
const live = ['-cluster_time_limit', '1000', '-live', '1'];
const codecs = isMp4 ? [...mp4, ...fragmented, '-f', 'mp4'] : [...webm, ...live, '-f', 'webm'];
const child = spawn(findFfmpeg(), ['-v', 'error', ...picture, ...codecs, 'pipe:1'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const file = await GrowingFile.create(path, { key: VaultKey.parse(key) });
const splitter = isMp4 ? new Mp4Fragments() : new WebmClusters();
for await (const chunk of child.stdout) {
  if (!Buffer.isBuffer(chunk)) continue;
  for (const item of splitter.push(chunk)) {
    file.append(item.bytes);
    await file.flush();
    if (item.kind === 'fragment') writeSync(1, `${String(item.startMs + item.durationMs)}\n`);
  }
}
