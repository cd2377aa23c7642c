/** Appends numbered lines to a growing file as fast as it can and names each once it is flushed, until it is killed. */
import { writeSync } from 'node:fs';
import { GrowingFile, VaultKey } from './index.ts';

const [path = '', key = ''] = process.argv.slice(2);
const file = await GrowingFile.create(path, { key: key === '' ? null : VaultKey.parse(key) });
for (let number = 0; ; number += 1) {
  file.append(Buffer.from(`${String(number)}\n`.padStart(1 + ((number * 7919) % 5000), '.')));
  await file.flush();
  writeSync(1, `${String(number)}\n`);
}
