import type { PictureLayout } from '@parley/protocol';
import type { ProgramInput, ProgramParticipant } from '../room/ProgramInput.ts';
import { arrange } from './layouts.ts';
import { noteSpeaker } from './seats.ts';
import { SpeakerChoice } from './SpeakerChoice.ts';
import type { Arrangement, Person, Size } from './tiles.ts';

/** Keeps what an arrangement depends on beside the room: who spoke, who sat where, the layout that is wanted. */
export class Arranger {
  readonly #size: Size;
  readonly #choice = new SpeakerChoice();
  #layout: PictureLayout;
  #recent: string[] = [];
  #seats: readonly string[] = [];

  constructor(size: Size, layout: PictureLayout) {
    this.#size = size;
    this.#layout = layout;
  }

  /** Another kind of picture begins anew: everybody stands in their natural order. */
  setLayout(layout: PictureLayout): void {
    if (layout.kind !== this.#layout.kind) this.#seats = [];
    this.#layout = layout;
  }

  /** @param now ms of `performance.now()` */
  arrange(input: ProgramInput, now: number): Arrangement {
    const people = input.participants.map(personOf);
    const here = new Set(people.map(({ participantId }) => participantId));
    const { dominant } = input;
    if (dominant !== null && here.has(dominant)) this.#recent = noteSpeaker(this.#recent, dominant);
    const result = arrange({
      people,
      speaker: this.#choice.update(now, dominant, (participantId) => here.has(participantId)),
      recent: this.#recent.filter((participantId) => here.has(participantId)),
      spotlight: input.spotlight,
      layout: this.#layout,
      size: this.#size,
      seats: this.#seats,
    });
    this.#seats = result.seats;
    return result;
  }
}

function personOf({ participantId, displayName, camera, screen }: ProgramParticipant): Person {
  return {
    participantId,
    displayName,
    camera: camera !== undefined && !camera.muted,
    screen: screen !== undefined && !screen.muted,
  };
}
