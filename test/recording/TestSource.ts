import { spawn, type ChildProcess } from 'node:child_process';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import { Mp4Fragments, type Fragment } from '@parley/recorder/internal/files/index.ts';
import { readStream, samplesOf, type Mp4Stream } from '@parley/recorder/internal/live/mp4Samples.ts';
import type { Sample } from '@parley/recorder/internal/rtmp/flv.ts';

const RATES = { frameRate: 25, videoBitrate: 800_000, audioBitrate: 64_000 };

/** A test picture and a tone in real time, encoded as the recorder does it. */
export class TestSource {
  readonly #process: ChildProcess;
  #stream: Mp4Stream | undefined;

  constructor(sink: {
    onStream(stream: Mp4Stream, init: Buffer): void;
    onFragment(fragment: Fragment, samples: Sample[]): void;
  }) {
    const fragments = new Mp4Fragments();
    const ffmpeg = spawn(findFfmpeg(), ARGUMENTS, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = ffmpeg;
    ffmpeg.stdout.on('data', (chunk: Buffer) => {
      for (const item of fragments.push(chunk)) {
        if (item.kind === 'init') {
          this.#stream = readStream(item.bytes, RATES);
          sink.onStream(this.#stream, item.bytes);
        } else if (this.#stream) sink.onFragment(item, samplesOf(item.bytes, this.#stream));
      }
    });
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}

const ARGUMENTS = [
  ...['-hide_banner', '-loglevel', 'error', '-nostdin'],
  ...['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
  ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-b:v',
    '800k',
    '-g',
    '25',
    '-bf',
    '0',
  ],
  ...['-x264-params', 'nal-hrd=cbr:force-cfr=1:scenecut=0', '-maxrate', '800k', '-bufsize', '800k'],
  ...['-c:a', 'aac', '-b:a', '64k', '-ac', '2'],
  ...['-f', 'mp4', '-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '200000'],
  ...['-flush_packets', '1', 'pipe:1'],
];
