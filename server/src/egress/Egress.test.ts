import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '@parley/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { Caller } from '../auth/grants.ts';
import { RecordingDesk } from '../room/RecordingDesk.ts';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { EgressHarness, eventually, type EgressSetting } from './testing/EgressHarness.ts';

let harness: EgressHarness;
afterEach(() => harness.close());

async function open(setting: EgressSetting = {}): Promise<Joined> {
  harness = await EgressHarness.create(setting);
  return harness.people.enter('ann', { role: 'host', name: 'Ann' });
}

/** As `recording.start` does it. */
async function start(
  { room, participant }: Joined,
  params: { kind?: 'composite' | 'tracks' } = {},
): Promise<string> {
  const { breakoutId } = participant;
  const { recordingId, started } = await room.perform(participant, 'recording.start', () =>
    room.recording.begin(participant, { ...params, breakoutId }),
  );
  await started;
  return recordingId;
}

const act = ({ room, participant }: Joined, type: 'stop' | 'pause' | 'resume'): Promise<void> =>
  room.perform(participant, `recording.${type}`, () =>
    room.recording.control(participant, { breakoutId: participant.breakoutId }, { type }),
  );
const stateSeenBy = ({ ear }: Joined) => ear.last('room.egressUpdated')?.egress.recordings[0]?.state;
const kept = (recordingId: string) => harness.stores.recordings.find(recordingId);
const untilState = (recordingId: string, state: string): Promise<void> =>
  eventually(() => expect(kept(recordingId)?.state).toBe(state));
const untilRecorded = (recordingId: string, ms: number): Promise<void> =>
  eventually(() => {
    const running = harness.egress.stateOf(kept(recordingId)?.room.roomId ?? '', null).recordings[0];
    expect(running?.recordedMs).toBeGreaterThanOrEqual(ms);
  });
const codeOf = async (task: Promise<unknown>): Promise<ErrorCode | undefined> =>
  task.then(
    () => undefined,
    (error: unknown) => (error as { code?: ErrorCode }).code,
  );

describe('a recording', () => {
  it('says how long it is by now, without pauses', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 100);
    const lengthNow = () => {
      const [running] = harness.egress.stateOf(ann.room.roomId, null).recordings;
      return { ms: running?.recordedMs ?? 0, at: running?.at ?? 0 };
    };
    const first = lengthNow();
    // Also between two words of the recorder.
    await eventually(() => expect(lengthNow().ms).toBeGreaterThan(first.ms + 50));
    expect(lengthNow().at).toBeGreaterThan(first.at);
    await act(ann, 'pause');
    const paused = lengthNow();
    await eventually(() => expect(lengthNow().at - paused.at).toBeGreaterThan(500));
    expect(lengthNow().ms - paused.ms).toBeLessThan(250);
  });

  it('is seen by everybody, also by those who come late, and is in the library when it has ended', async () => {
    const ann = await open();
    const bob = await harness.people.enter('bob');
    const recordingId = await start(ann);
    await eventually(() => expect([stateSeenBy(ann), stateSeenBy(bob)]).toEqual(['recording', 'recording']));
    const late = await harness.people.enter('eve');
    expect(late.answer.egress.recordings).toMatchObject([
      { recordingId, kind: 'composite', format: 'mp4', startedBy: 'ann', pausedAt: null },
    ]);
    await untilRecorded(recordingId, 100);
    await act(ann, 'stop');
    await untilState(recordingId, 'ready');
    expect(kept(recordingId)).toMatchObject({
      parts: [{ part: 1, mimeType: 'video/mp4', file: 'part-1.mp4' }],
      thumbnail: 'thumbnail.jpg',
      startedBy: { identity: 'ann', displayName: 'Ann' },
      meetingId: ann.room.meetingId,
    });
    await eventually(() => expect(bob.ear.last('room.egressUpdated')?.egress.recordings).toEqual([]));
    const updates = bob.ear.of('room.egressUpdated');
    const done = updates.flatMap(({ egress }) => egress.recordings[0]?.progress ?? []);
    expect(done.at(-1)).toBeGreaterThan(0);
    expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
    await eventually(() => expect(harness.egress.pids.size).toBe(0));
    expect(recordingId).toMatch(/^RC_[\w-]{22}$/);
  });

  it('is paused and goes on', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 40);
    await act(ann, 'pause');
    await eventually(() => expect(stateSeenBy(ann)).toBe('paused'));
    expect(await codeOf(act(ann, 'pause'))).toBe('WRONG_STATE');
    await act(ann, 'resume');
    expect(stateSeenBy(ann)).toBe('recording');
    expect(await codeOf(act(ann, 'resume'))).toBe('WRONG_STATE');
  });

  it('runs once of a kind in a place', async () => {
    const ann = await open({ maxPrograms: 5 });
    await start(ann);
    expect(await codeOf(start(ann))).toBe('RECORDING_RUNNING');
    expect(await codeOf(start(ann, { kind: 'tracks' }))).toBeUndefined();
  });

  it('ends with the meeting', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 40);
    await ann.room.run(() => ann.room.end({ identity: 'ann', displayName: 'Ann' }));
    await untilState(recordingId, 'ready');
    await eventually(() => expect(harness.factsOf('egressEnded')).toHaveLength(1));
  });
});

describe('what cannot be recorded', () => {
  it('is refused with numbers beyond what the machine can do', async () => {
    const ann = await open({ maxPrograms: 1 });
    await start(ann);
    const bob = await harness.people.enter('bob', {
      role: 'host',
      video: { room: 'other', roomJoin: true, roomCreate: true },
    });
    await expect(start(bob)).rejects.toMatchObject({
      code: 'RECORDING_CAPACITY',
      message: expect.stringMatching(/1 of 1 programs run; each needs about 1 core.*recorder\.maxPrograms/),
    });
  });

  it('is refused without ffmpeg, with words that help, and told to all', async () => {
    const ann = await open({ fault: 'noFfmpeg' });
    expect(await codeOf(start(ann))).toBe('RECORDING_FFMPEG_MISSING');
    await eventually(() => expect(stateSeenBy(ann)).toBe('failed'));
  });
});

describe('a recorder that cannot run', () => {
  it('is not tried for long: who pressed the button sees why, and what to do', async () => {
    const ann = await open({ fault: 'diesAtStart' });
    const refusal = await start(ann).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'RECORDING_FAILED',
      message: expect.stringMatching(/does not start: it ended with 1.*operator.*npm start/),
      details: { reason: 'recorder_start' },
    });
    await eventually(() => expect(stateSeenBy(ann)).toBe('failed'));
  });
});

describe('a recorder that takes long to start', () => {
  it('is said to do so, until it records', async () => {
    const ann = await open({ fault: 'slow' });
    const starting = start(ann);
    await eventually(() => expect(harness.egress.stateOf(ann.room.roomId, null).recordings).toHaveLength(1));
    const seen = () => ann.ear.last('room.egressUpdated')?.egress.recordings[0];
    await eventually(() => expect(seen()?.message).toMatch(/still starting/));
    expect(seen()?.state).toBe('starting');
    writeFileSync(join(harness.people.dataDir, 'recordings', 'go'), '');
    const recordingId = await starting;
    await untilState(recordingId, 'recording');
    expect(kept(recordingId)?.message).toBe('');
  });
});

describe('a recorder whose disk is full before the server sees it', () => {
  it('ends in order: the recording is ready, and says why it ended', async () => {
    const ann = await open({ fault: 'fullDisk' });
    const recordingId = await start(ann);
    await untilState(recordingId, 'ready');
    expect(kept(recordingId)).toMatchObject({ message: 'The disk is full.', parts: [{ part: 1 }] });
  });
});

describe('a recorder that hangs while it finishes', () => {
  it('is killed when it makes no progress, and what it left is finished at once by another', async () => {
    const ann = await open({ fault: 'hangsAtTheEnd', finishPatience: 5000 });
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 60);
    const { pid } = harness;
    await act(ann, 'stop');
    await untilState(recordingId, 'ready');
    expect(kept(recordingId)?.parts).toHaveLength(1);
    expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('a recorder that dies', () => {
  it('is followed by another within three seconds: the recording goes on as a new part', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 60);
    const died = performance.now();
    process.kill(harness.pid, 'SIGKILL');
    await eventually(() => expect(kept(recordingId)?.lastPart).toBe(2));
    // Others may use the machine, too: each gets but its share.
    expect(performance.now() - died).toBeLessThan(3000 * Math.max(1, (loadavg()[0] ?? 0) / cpus().length));
    expect(harness.factsOf('recordingPart')).toMatchObject([
      { part: { part: 2, why: expect.stringMatching(/SIGKILL/) } },
    ]);
    await act(ann, 'stop');
    await untilState(recordingId, 'ready');
    expect(
      kept(recordingId)
        ?.parts.map(({ part }) => part)
        .toSorted(),
    ).toEqual([1, 2]);
  });

  it('is not started a sixth time within ten minutes: the recording has failed, and its parts are kept', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    for (let part = 1; part <= 5; part++) {
      await eventually(() => expect(kept(recordingId)?.lastPart).toBe(part));
      process.kill(harness.pid, 'SIGKILL');
    }
    await untilState(recordingId, 'failed');
    expect(kept(recordingId)).toMatchObject({ message: expect.stringMatching(/died 5 times/) });
    expect(kept(recordingId)?.parts).toHaveLength(5);
  });
});

describe('a server that is killed', () => {
  it('finishes what it had recorded, and goes on when people are back', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 60);
    await harness.crash();
    await untilState(recordingId, 'recovered');
    expect(kept(recordingId)?.parts).toMatchObject([{ part: 1 }]);
    const again = await harness.people.enter('ann', { role: 'host' });
    await untilState(recordingId, 'recording');
    expect(kept(recordingId)?.lastPart).toBe(2);
    await act(again, 'stop');
    await untilState(recordingId, 'recovered');
    expect(
      kept(recordingId)
        ?.parts.map(({ part }) => part)
        .toSorted(),
    ).toEqual([1, 2]);
    const folder = join(harness.people.dataDir, 'recordings', recordingId);
    expect(existsSync(folder)).toBe(true);
  });
});

describe('a server that is stopped in order', () => {
  it('leaves a recording paused that was, also when people are back', async () => {
    const ann = await open();
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 60);
    await act(ann, 'pause');
    const pausedAt = kept(recordingId)?.pausedAt;
    expect(pausedAt).toEqual(expect.any(Number));
    await harness.restart();
    expect(kept(recordingId)?.state).toBe('recovered');
    const { recordings } = harness.egress.stateOf(ann.room.roomId, null);
    expect(recordings).toMatchObject([{ state: 'paused', pausedAt }]);
    const again = await harness.people.enter('ann', { role: 'host' });
    await eventually(() =>
      expect(kept(recordingId)).toMatchObject({ state: 'paused', pausedAt, lastPart: 2 }),
    );
    const before = harness.egress.stateOf(again.room.roomId, null).recordings[0]?.recordedMs ?? 0;
    await act(again, 'resume');
    await untilRecorded(recordingId, before + 100);
    expect(kept(recordingId)).toMatchObject({ state: 'recording', pausedAt: null });
  });
});

describe('a recording that a killed server has left, and that is to go on', () => {
  const recordingsFolder = () => join(harness.people.dataDir, 'recordings');
  const setSlow = (slow: boolean): void =>
    slow ? rmSync(join(recordingsFolder(), 'go')) : writeFileSync(join(recordingsFolder(), 'go'), '');
  /** Begins, as long as recorders are quick, and is killed. */
  async function cut(setting: { slow: boolean }): Promise<string> {
    harness = await EgressHarness.create({ fault: 'slow' });
    setSlow(false);
    const recordingId = await start(await harness.people.enter('ann', { role: 'host', name: 'Ann' }));
    await untilRecorded(recordingId, 60);
    setSlow(setting.slow);
    await harness.crash();
    return recordingId;
  }
  const integrator: Caller = {
    ...{ identity: 'app', displayName: 'App', role: 'owner', inviteId: undefined },
    ...{ isGuest: false, isIntegrator: true, roomCreate: true },
  };
  const stopByRest = (recordingId: string): Promise<void> => {
    const desk = new RecordingDesk(harness.people.rooms);
    return desk.control({ room: 'demo', by: integrator }, recordingId, { type: 'stop' });
  };
  async function assertOver(recordingId: string): Promise<void> {
    await untilState(recordingId, 'recovered');
    expect(kept(recordingId)).toMatchObject({ isResumable: false, parts: [{ part: 1 }], lastPart: 1 });
    expect(await codeOf(stopByRest(recordingId))).toBe('RECORDING_NOT_RUNNING');
    const { answer } = await harness.people.enter('ann', { role: 'host' });
    expect(answer.egress.recordings).toEqual([]);
    expect(harness.egress.pids.size).toBe(0);
  }

  it('is stopped while its files are finished, and nobody is back', async () => {
    const recordingId = await cut({ slow: true });
    await stopByRest(recordingId);
    expect(kept(recordingId)?.state).toBe('finishing');
    setSlow(false);
    await assertOver(recordingId);
    expect(harness.factsOf('egressEnded')).toHaveLength(1);
  });

  it('is stopped while it waits for people', async () => {
    const recordingId = await cut({ slow: false });
    await untilState(recordingId, 'recovered');
    expect(kept(recordingId)?.isResumable).toBe(true);
    await stopByRest(recordingId);
    await assertOver(recordingId);
  });

  it('is seen and stopped by people who are back before it goes on', async () => {
    const recordingId = await cut({ slow: true });
    const ann = await harness.people.enter('ann', { role: 'host' });
    expect(ann.answer.egress.recordings).toMatchObject([
      { recordingId, state: 'starting', message: expect.stringMatching(/started again/) },
    ]);
    expect(await codeOf(act(ann, 'pause'))).toBe('WRONG_STATE');
    await act(ann, 'stop');
    expect(ann.ear.last('room.egressUpdated')?.egress.recordings).toEqual([]);
    setSlow(false);
    await assertOver(recordingId);
  });

  it('is the only one of its kind there, also before it goes on', async () => {
    const recordingId = await cut({ slow: true });
    const ann = await harness.people.enter('ann', { role: 'host' });
    expect(await codeOf(start(ann))).toBe('RECORDING_RUNNING');
    await ann.room.update(null, { autoRecord: 'composite' });
    await ann.room.run(() => undefined);
    setSlow(false);
    await eventually(() => expect(kept(recordingId)).toMatchObject({ state: 'recording', lastPart: 2 }));
    expect(harness.egress.current(ann.room.roomId)).toMatchObject([{ recordingId }]);
    expect(ann.ear.of('room.notice')).toEqual([]);
  });

  it('is stopped before the recorder is up with which it is to go on', async () => {
    const recordingId = await cut({ slow: false });
    await untilState(recordingId, 'recovered');
    setSlow(true);
    const ann = await harness.people.enter('ann', { role: 'host' });
    await untilState(recordingId, 'starting');
    await act(ann, 'stop');
    await untilState(recordingId, 'recovered');
    expect(kept(recordingId)).toMatchObject({
      isResumable: false,
      parts: [{ part: 1 }],
      thumbnail: 'thumbnail.jpg',
    });
    setSlow(false);
  });
});

describe('a full disk', () => {
  it('ends what runs, and lets nothing begin until there is space again', async () => {
    let free = 2 ** 40;
    const ann = await open({ free: () => free });
    const recordingId = await start(ann);
    await untilRecorded(recordingId, 40);
    free = 1000;
    await untilState(recordingId, 'ready');
    expect(kept(recordingId)?.message).toMatch(/disk .* nearly full/);
    expect(await codeOf(start(ann))).toBe('RECORDING_DISK_FULL');
    free = 2 ** 40;
    await eventually(async () => expect(await codeOf(start(ann))).toBeUndefined());
  });

  it('lets no page of a live stream begin, but a stream to a service', async () => {
    const ann = await open({ free: () => 1000 });
    const { room, participant } = ann;
    const goLive = async (page: boolean): Promise<void> => {
      const targets = [{ url: 'rtmp://live.example.com/app', key: 'k' }];
      const begun = await room.perform(participant, 'live.start', () =>
        room.live.begin(participant, { page, targets }),
      );
      await begun.started;
    };
    expect(await codeOf(goLive(true))).toBe('RECORDING_DISK_FULL');
    expect(harness.egress.pids.size).toBe(0);
    await goLive(false);
    expect(room.live.state).toMatchObject({ page: null, targets: [{}] });
  });
});
