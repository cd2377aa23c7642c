/** A flood in a process of its own, for those who measure it: it is told what to do, and says what came of it. */
import { underFlood, type Flooding } from './underFlood.ts';

process.once('message', (flooding: Flooding) => {
  void underFlood(flooding).then((flooded) => process.send?.(flooded, () => process.disconnect()));
});
