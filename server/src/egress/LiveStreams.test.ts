import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MethodParams } from '@parley/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { EgressHarness, eventually, type EgressSetting } from './testing/EgressHarness.ts';

const TARGET = { url: 'rtmp://live.example.com/app', key: 'very-secret' };

let harness: EgressHarness;
afterEach(() => harness.close());

async function open(setting: EgressSetting = {}): Promise<Joined> {
  harness = await EgressHarness.create(setting);
  return harness.people.enter('ann', { role: 'host', name: 'Ann' });
}

async function goLive({ room, participant }: Joined, params: MethodParams<'live.start'> = {}) {
  const begun = await room.perform(participant, 'live.start', () => room.live.begin(participant, params));
  await begun.started;
  return begun;
}

const liveOf = ({ ear }: Joined) => ear.last('room.egressUpdated')?.egress.live;
const stop = ({ room, participant }: Joined) =>
  room.perform(participant, 'live.stop', () => room.live.stop(participant));

describe('a live stream', () => {
  it('is seen by everybody, and its targets by hosts alone, without their keys', async () => {
    const ann = await open();
    const bob = await harness.people.enter('bob');
    const { liveId, page } = await goLive(ann, { targets: [TARGET] });
    expect(liveId).toMatch(/^LV_[\w-]{22}$/);
    expect(page).toBe(`/live/${liveId}`);
    await eventually(() =>
      expect(liveOf(ann)?.targets).toMatchObject([{ state: 'live', label: TARGET.url }]),
    );
    expect(liveOf(bob)).toMatchObject({ liveId, startedBy: 'ann', targets: [] });
    const late = await harness.people.enter('eve');
    expect(late.answer.egress.live).toMatchObject({ liveId, targets: [] });
    await stop(ann);
    await eventually(() => expect([liveOf(ann), liveOf(bob)]).toEqual([null, null]));
    await eventually(() => expect(harness.egress.pids.size).toBe(0));
    const told = JSON.stringify([ann.ear.heard, bob.ear.heard, harness.facts]);
    expect(told).toContain(TARGET.url);
    expect(told).not.toContain(TARGET.key);
  });

  it('has nobody in it who was not asked, but who started it', async () => {
    const ann = await open();
    await ann.room.update(null, { recordingConsent: 'ask' });
    const bob = await harness.people.enter('bob');
    await goLive(ann);
    const isSeen = [ann, bob].map(({ participant }) => participant.isRecordable);
    expect(isSeen).toEqual([true, false]);
    expect(bob.participant.info.recordingConsent).toBe('asked');
  });

  it('is told of to those who look on, and kept in the history of the meeting', async () => {
    const ann = await open();
    const meetingId = ann.room.meetingId ?? '';
    const { liveId } = await goLive(ann, { targets: [TARGET] });
    await eventually(() => expect(liveOf(ann)?.targets).toMatchObject([{ state: 'live' }]));
    const { history } = harness.people.stores;
    expect(history.liveStreams(meetingId, 10)).toMatchObject([{ liveId, endedAt: null }]);
    const other = await ann.room.run(() =>
      ann.room.live.addTarget(ann.participant, { url: 'rtmps://x.example/app/very-secret' }),
    );
    await ann.room.run(() => ann.room.live.removeTarget(ann.participant, other));
    await stop(ann);
    expect(history.liveStreams(meetingId, 10)).toEqual([
      {
        ...{ liveId, startedAt: expect.any(Number), endedAt: expect.any(Number), message: '', hadPage: true },
        startedBy: { identity: 'ann', displayName: 'Ann' },
        targets: [TARGET.url, 'rtmps://x.example/app'],
      },
    ]);
    expect(harness.factsOf('liveStarted')).toMatchObject([{ live: { liveId, endedAt: null } }]);
    const states = harness.factsOf('liveUpdated').map(({ live }) => live.targets.map(({ state }) => state));
    expect(states.slice(0, 2)).toEqual([['live'], ['live', 'connecting']]);
    expect(states.at(-1)).toEqual(['live']);
    expect(harness.factsOf('liveEnded')).toMatchObject([
      { live: { liveId, endedAt: expect.any(Number), error: '', targets: [{ label: TARGET.url }] } },
    ]);
    expect(JSON.stringify([harness.facts, history.liveStreams(meetingId, 10)])).not.toContain(TARGET.key);
    expect(JSON.stringify(history.audit('demo', { before: 1e9, limit: 20 }))).not.toContain(TARGET.key);
  });

  it('gets targets and loses them while it goes on', async () => {
    const ann = await open();
    await goLive(ann);
    const pids = [...harness.egress.pids.values()];
    const act = <T>(work: () => T) => ann.room.perform(ann.participant, 'live.addTarget', work);
    const targetId = await act(() =>
      ann.room.live.addTarget(ann.participant, { url: 'rtmps://x.example/app/k' }),
    );
    await eventually(() => expect(liveOf(ann)?.targets).toMatchObject([{ targetId, state: 'live' }]));
    await act(() => ann.room.live.removeTarget(ann.participant, targetId));
    expect(liveOf(ann)?.targets).toEqual([]);
    expect([...harness.egress.pids.values()]).toEqual(pids);
    await expect(act(() => ann.room.live.removeTarget(ann.participant, targetId))).rejects.toMatchObject({
      code: 'LIVE_TARGET_NOT_FOUND',
    });
  });

  it.each([
    [{ url: 'http://example.com/live', key: 'k' }],
    [{ url: 'rtmp://example.com/live -i /etc/passwd', key: 'k' }],
    [{ url: 'rtmp://example.com' }],
    [{ url: 'rtmp://example.com/live', key: 'half-of/my-secret' }],
  ])('does not go to %j', async (target) => {
    const ann = await open();
    await expect(goLive(ann, { targets: [target] })).rejects.toMatchObject({ code: 'LIVE_TARGET_INVALID' });
    expect(harness.egress.pids.size).toBe(0);
  });

  it('is one at a time, and goes somewhere', async () => {
    const ann = await open();
    await expect(goLive(ann, { page: false })).rejects.toMatchObject({ code: 'LIVE_NOWHERE' });
    await goLive(ann);
    await expect(goLive(ann)).rejects.toMatchObject({ code: 'LIVE_RUNNING' });
    await stop(ann);
    await expect(stop(ann)).rejects.toMatchObject({ code: 'LIVE_NOT_RUNNING' });
    await goLive(ann);
  });

  it('shares the recorder with the recording of the room', async () => {
    const ann = await open({ maxPrograms: 1 });
    const { room, participant } = ann;
    await goLive(ann);
    const recording = await room.perform(participant, 'recording.start', () =>
      room.recording.begin(participant, { breakoutId: null }),
    );
    await recording.started;
    expect(harness.egress.pids.size).toBe(1);
    await stop(ann);
    await eventually(() =>
      expect(ann.ear.last('room.egressUpdated')?.egress.recordings[0]?.state).toBe('recording'),
    );
    expect(harness.egress.pids.size).toBe(1);
  });

  it('has one picture with the recording of the room: who arranges it anew does so for both', async () => {
    const ann = await open();
    const { room, participant } = ann;
    const seen = () => [
      room.live.state?.layout.kind,
      harness.egress.stateOf(room.roomId, null).recordings[0]?.layout.kind,
    ];
    await goLive(ann, { layout: { kind: 'grid', focus: null } });
    const { recordingId, started } = await room.perform(participant, 'recording.start', () =>
      room.recording.begin(participant, { breakoutId: null, layout: { kind: 'speaker', focus: null } }),
    );
    await started;
    expect(seen()).toEqual(['speaker', 'speaker']);
    expect(liveOf(ann)?.layout.kind).toBe('speaker');
    expect(harness.factsOf('liveUpdated').at(-1)?.live.layout.kind).toBe('speaker');
    await room.run(() => room.live.setLayout({ kind: 'screen', focus: null }));
    expect(seen()).toEqual(['screen', 'screen']);
    expect(harness.stores.recordings.find(recordingId)?.layout.kind).toBe('screen');
    const layout = { kind: 'grid', focus: null } as const;
    await room.run(() =>
      room.recording.control(participant, { breakoutId: null }, { type: 'setLayout', layout }),
    );
    expect(seen()).toEqual(['grid', 'grid']);
  });

  it('goes on with another recorder when its own dies: the same page, the same targets', async () => {
    const ann = await open();
    const { liveId } = await goLive(ann, { targets: [TARGET] });
    await eventually(() => expect(liveOf(ann)?.targets).toMatchObject([{ state: 'live' }]));
    await eventually(() => expect(harness.pages.get(liveId).info.state).toBe('live'));
    process.kill(harness.pid, 'SIGKILL');
    await eventually(() => expect(liveOf(ann)?.targets).toMatchObject([{ state: 'retrying' }]));
    await eventually(() => expect(liveOf(ann)?.targets).toMatchObject([{ state: 'live' }]));
    await eventually(async () => {
      const playlist = await harness.pages.get(liveId).mediaPlaylist({});
      expect(playlist.match(/#EXT-X-MAP/g)).toHaveLength(2);
    });
  });

  it.each([
    ['', 2 ** 40],
    [', also where the disk has no room for the page meanwhile', 1000],
  ])('goes on when the server was killed and people are back%s', async (_, freeThen) => {
    let free = 2 ** 40;
    const ann = await open({ free: () => free });
    const { liveId } = await goLive(ann, { targets: [TARGET] });
    free = freeThen;
    await harness.crash();
    expect(() => harness.pages.get(liveId)).toThrow();
    const back = await harness.people.enter('ann', { role: 'host', name: 'Ann' });
    await eventually(() =>
      expect(liveOf(back)).toMatchObject({
        liveId,
        startedBy: 'ann',
        targets: [{ label: TARGET.url, state: 'live' }],
      }),
    );
    await eventually(() => expect(harness.pages.get(liveId).info.state).toBe('live'));
    expect(harness.factsOf('liveStarted')).toHaveLength(1);
    expect(harness.factsOf('liveEnded')).toHaveLength(0);
    await stop(back);
    await eventually(() => expect(liveOf(back)).toBeNull());
    expect(harness.factsOf('liveEnded')).toHaveLength(1);
  });

  it('ends with the meeting, and leaves no files when nobody can watch any more', async () => {
    const ann = await open();
    const { liveId } = await goLive(ann);
    await eventually(() => expect(harness.pages.get(liveId).info.state).toBe('live'));
    const folder = join(harness.people.dataDir, 'live', liveId);
    expect(existsSync(folder)).toBe(true);
    await ann.room.run(() => ann.room.end({ identity: 'ann', displayName: 'Ann' }));
    await eventually(() => expect(harness.pages.get(liveId).info.state).toBe('ended'));
    await harness.egress.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('says why it ended when the recorder cannot be started', async () => {
    const ann = await open({ fault: 'noFfmpeg' });
    await expect(goLive(ann)).rejects.toMatchObject({ code: 'RECORDING_FFMPEG_MISSING' });
    await eventually(() => expect(liveOf(ann)).toBeNull());
    expect(harness.factsOf('liveEnded')).toMatchObject([
      { live: { error: expect.stringContaining('ffmpeg') } },
    ]);
    await expect(goLive(ann)).rejects.toMatchObject({ code: 'RECORDING_FFMPEG_MISSING' });
  });
});
