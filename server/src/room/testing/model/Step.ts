import { ParleyError } from '@parley/protocol';
import type { AsyncCommand } from 'fast-check';
import { expect } from 'vitest';
import type { Meeting } from './Meeting.ts';
import type { MeetingModel } from './MeetingModel.ts';
import { rememberOf, verify, type Before } from './verify.ts';

/** What should come of a step, and how it is done in earnest. */
export interface Plan {
  /** Whether it is carried out; else it must be refused, and nothing may have changed. */
  done: boolean;
  act: (meeting: Meeting) => unknown;
  /** What is to be seen afterwards. `before` says what people may have been told meanwhile. */
  after?: (meeting: Meeting, before: Before) => void;
}

/** Changes the model, and says what should become of the real meeting. */
export type Planner = (model: MeetingModel, before: Before) => Plan;

/** One thing that somebody does, followed by a look at everything. */
export class Step implements AsyncCommand<MeetingModel, Meeting> {
  readonly #name: string;
  readonly #plan: Planner;
  readonly #insists: boolean;

  /** Who `insists` tries what will be refused, too; the others spare themselves that. */
  constructor(name: string, plan: Planner, insists: boolean) {
    this.#name = name;
    this.#plan = plan;
    this.#insists = insists;
  }

  check(model: Readonly<Pick<MeetingModel, 'clone'>>): boolean {
    return this.#insists || this.#wouldBeDone(model.clone());
  }

  #wouldBeDone(copy: MeetingModel): boolean {
    return this.#plan(copy, rememberOf(copy)).done;
  }

  async run(model: MeetingModel, meeting: Meeting): Promise<void> {
    const before = rememberOf(model);
    const plan = this.#plan(model, before);
    model.update();
    const outcome = await outcomeOf(() => plan.act(meeting));
    expect(outcome, this.#name).toBe(plan.done ? 'done' : 'refused');
    plan.after?.(meeting, before);
    await verify(model, meeting, before);
  }

  toString(): string {
    return this.#name;
  }
}

async function outcomeOf(act: () => unknown): Promise<'done' | 'refused'> {
  try {
    await act();
    return 'done';
  } catch (error) {
    if (error instanceof ParleyError && error.code !== 'INTERNAL') return 'refused';
    throw error;
  }
}
