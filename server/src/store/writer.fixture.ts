/** Writes rooms as fast as it can and names each on standard output once it is acknowledged, until it is killed. */
import { writeSync } from 'node:fs';
import { SqliteStore } from './SqliteStore.ts';

const store = SqliteStore.open(String(process.argv[2]));
const settings = { title: '', metadata: '', maxParticipants: 0, guestsAllowed: true, emptyTimeout: 300 };
for (let number = 0; ; number += 1) {
  store.saveRoom({ roomId: `RM_${number}`, name: `room-${number}`, settings, createdAt: number });
  writeSync(1, `RM_${number}\n`);
}
