import { join, resolve } from 'node:path';
import { ensurePrivateFolder } from '../auth/privateFile.ts';
import { signRecorderToken } from '../auth/recorderToken.ts';
import type { TokenService } from '../auth/TokenService.ts';
import { childEnv } from '../config/childEnv.ts';
import type { Config } from '../config/schema.ts';
import type { Storage } from '@parley/protocol/recorder';
import type { LivePages } from '../live/LivePages.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { RecordingStore } from '../recordings/ports.ts';
import type { RoomObserver } from '../room/RoomEvents.ts';
import { Capacity } from './Capacity.ts';
import { Egress } from './Egress.ts';
import { programSettings } from './settings.ts';

const ENTRY = join(import.meta.dirname, '../../../recorder/src/index.ts');

interface Surroundings {
  config: Config;
  pages: LivePages;
  storage: Storage;
  tokens: TokenService;
  store: RecordingStore;
  observer: RoomObserver;
  logger: Logger;
  metrics: Metrics;
}

const RECORDINGS_SETTING = 'recorder.folder (PARLEY_RECORDER_FOLDER)';

/** Throws PrivateFileError. */
export function createEgress({ config, pages, tokens, storage, logger, ...rest }: Surroundings): Egress {
  const { recorder, live, dataDir } = config;
  ensurePrivateFolder(storage.folder, recorder.folder === '' ? undefined : RECORDINGS_SETTING);
  return new Egress({
    ...rest,
    ...{ logger, storage, isEnabled: recorder.enabled, retention: recorder.retention },
    recorder: { entry: ENTRY, env: childEnv(), logger },
    settings: programSettings(recorder),
    live: {
      ...{ pages, folder: resolve(dataDir, 'live'), windowSeconds: live.window },
      allowPrivateTargets: live.allowPrivateTargets,
    },
    capacity: new Capacity(recorder.maxPrograms),
    sign: (identity, room) => signRecorderToken(tokens, { identity, room, displayName: 'Recorder' }),
  });
}
