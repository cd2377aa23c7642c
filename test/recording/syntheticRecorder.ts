/** A recorder process as the server starts it, with a room of colours and tones. */
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import { serveParent } from '@parley/recorder/internal/serveParent.ts';
import { SyntheticRoom } from '@parley/recorder/internal/testing/SyntheticRoom.ts';

const room = new SyntheticRoom();
room.join({ name: 'Ada', colour: '#a04020', frequency: 440 }, { name: 'Grace', colour: '#2050a0' });

serveParent({
  ffmpeg: findFfmpeg(),
  connect: async () => {
    room.run();
    return { input: room, leave: async () => room.stop() };
  },
});
