/** What the host who pressed the button is told when the real recorder cannot run on the machine. */
import { afterEach, expect, it } from 'vitest';
import type { EgressState } from '@parley/protocol';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer | undefined;
afterEach(() => server?.stop());

it.each([
  [
    'an ffmpeg that cannot be run',
    { FFMPEG_BIN: '/no/such/ffmpeg' },
    {
      code: 'RECORDING_FFMPEG_MISSING',
      says: /no ffmpeg.*doctor/,
      reason: /FFMPEG_BIN \(\/no\/such\/ffmpeg/,
    },
  ],
  [
    'an ffmpeg that is none',
    { FFMPEG_BIN: '/bin/true' },
    { code: 'RECORDING_FFMPEG_MISSING', says: /no ffmpeg.*doctor/, reason: /\/bin\/true: it is no ffmpeg/ },
  ],
  [
    'no native canvas',
    { NAPI_RS_NATIVE_LIBRARY_PATH: '/no/such/canvas.node' },
    {
      code: 'RECORDING_FAILED',
      says: /cannot be loaded.*npm start.*log/,
      reason: /part of the recorder cannot be loaded/,
    },
  ],
])(
  'with %s, says so',
  async (_, env, { code, says, reason }) => {
    server = await ParleyServer.start({ env });
    const socket = await RawSocket.open(server.url);
    await socket.hello(joinToken('demo', 'ann', { claims: { role: 'host' } }));
    await socket.request('room.join');
    socket.keepAlive();
    const { error } = await socket.request('recording.start');
    // On a machine that is busy the answer does not wait for it; then it is told to all afterwards.
    if (error) expect([error.data.code, error.message]).toEqual([code, expect.stringMatching(says)]);
    const state = (): EgressState | undefined =>
      socket.frames.findLast(({ method }) => method === 'room.egressUpdated')?.params?.['egress'] as
        EgressState | undefined;
    const failed = await waitFor('the failure', () => state()?.recordings[0], {
      timeout: 90_000,
      done: (recording) => recording?.state === 'failed',
    });
    expect(failed?.message).toMatch(reason);
    if (code === 'RECORDING_FAILED') expect(server.output).toMatch(/canvas/);
    socket.close();
  },
  150_000,
);
