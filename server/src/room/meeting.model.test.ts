import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { anySettings, anySteps } from './testing/model/anyStep.ts';
import { Meeting, ROOM } from './testing/model/Meeting.ts';
import { MeetingModel } from './testing/model/MeetingModel.ts';
import { RoomsHarness } from './testing/RoomsHarness.ts';

/** About three thousand steps: two thirds of those drawn make no sense where they stand, and are passed over. */
const RUNS = 40;
const STEPS = 400;
/** Milliseconds after which a person who may admit is made when no host is there: at once, or not in this test. */
const SUCCESSOR_DELAYS = { atOnce: '0', late: '600000' };

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterAll(() => harness.close());

describe('a meeting', () => {
  it('gives nobody media or text they should not have, whatever people do and when the server crashes', async () => {
    const commands = fc.commands(anySteps, { maxCommands: STEPS, size: 'max' });
    const property = fc.asyncProperty(
      anySettings,
      fc.boolean(),
      commands,
      async (settings, successorAtOnce, steps) => {
        const delay = successorAtOnce ? SUCCESSOR_DELAYS.atOnce : SUCCESSOR_DELAYS.late;
        await harness.reset({ PARLEY_ROOMS_SUCCESSOR_DELAY: delay });
        await harness.rooms.createRoom({ name: ROOM, settings });
        const model = new MeetingModel(settings, successorAtOnce);
        await fc.asyncModelRun(() => ({ model, real: new Meeting(harness) }), steps);
      },
    );
    await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 100_000 });
  }, 120_000);
});
