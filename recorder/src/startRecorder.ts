import type { ProgramJob } from '@parley/protocol/recorder';
import { assertRuns, findFfmpeg } from './findFfmpeg.ts';
import type { RoomConnection } from './ProgramRun.ts';
import { RoomClient } from './room/RoomClient.ts';
import { serveParent } from './serveParent.ts';
import { lineLog } from './util/lineLog.ts';
import { spareCollector } from './util/spareCollector.ts';

/** @param early what the server has said before this was loaded @throws {FfmpegNotFoundError} */
export function startRecorder(early: readonly unknown[]): void {
  spareCollector();
  const ffmpeg = findFfmpeg();
  serveParent({ ffmpeg, connect: (job) => connect(job, ffmpeg) }, early);
}

async function connect(job: ProgramJob, ffmpeg: string): Promise<RoomConnection> {
  await assertRuns(ffmpeg);
  const { url, token, certificate } = job.room;
  const input = await RoomClient.join({
    ...{ url, ffmpeg, log: lineLog, maxFrameRate: job.settings.frameRate },
    getToken: () => token,
    certificate: certificate ?? undefined,
  });
  return { input, leave: () => input.leave() };
}
