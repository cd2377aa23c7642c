/** Writes rooms as fast as it can and names each on standard output once it is acknowledged, until it is killed. */
import { writeSync } from 'node:fs';
import { loadConfig } from '../config/loadConfig.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import { SqliteStore } from './SqliteStore.ts';

const store = SqliteStore.open(String(process.argv[2]));
const settings = defaultSettings(loadConfig({}).rooms);
for (let number = 0; ; number += 1) {
  store.rooms.save({
    ...{ roomId: `RM_${number}`, name: `room-${number}`, settings },
    ...{ passwordHash: null, kept: true, ownedBy: null, createdAt: number },
  });
  writeSync(1, `RM_${number}\n`);
}
