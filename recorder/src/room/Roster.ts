import type { AnyNotification, ParticipantInfo, PublicationInfo } from '@parley/protocol';
import type { ProgramParticipant } from './ProgramInput.ts';
import { PublishedAudio } from './PublishedAudio.ts';
import { PublishedVideo, type Supply } from './PublishedVideo.ts';

export type Published = PublishedVideo | PublishedAudio;

export interface RosterSupply extends Supply {
  /** A publication is gone. */
  forget(publicationId: string): void;
}

interface Person {
  info: ParticipantInfo;
  readonly inputs: Map<string, Published>;
}

/** Who is in the place that the recorder is in, and what they publish, as the server tells it. */
export class Roster {
  readonly #supply: RosterSupply;
  readonly #people = new Map<string, Person>();
  #shown: ProgramParticipant[] | undefined;

  constructor(supply: RosterSupply) {
    this.#supply = supply;
  }

  /** In the order in which they came. Recorders are left out, and all who do not agree to be recorded, where that is asked. */
  get participants(): readonly ProgramParticipant[] {
    this.#shown ??= [...this.#people.values()]
      .filter(({ info }) => isShown(info))
      .sort((a, b) => a.info.joinedAt - b.info.joinedAt)
      .map(shownAs);
    return this.#shown;
  }

  /** Whether somebody is among `participants`. */
  shows(participantId: string): boolean {
    const person = this.#people.get(participantId);
    return person !== undefined && isShown(person.info);
  }

  findPublished(publicationId: string): Published | undefined {
    for (const { inputs } of this.#people.values()) {
      const input = inputs.get(publicationId);
      if (input) return input;
    }
    return undefined;
  }

  /** Those who are there now are these; who was there before stays as they are. */
  reset(participants: readonly ParticipantInfo[]): void {
    const present = new Set(participants.map(({ participantId }) => participantId));
    for (const participantId of [...this.#people.keys()])
      if (!present.has(participantId)) this.#remove(participantId);
    for (const info of participants) this.#put(info);
    this.#shown = undefined;
  }

  /** Gives whether something is another now. */
  handle({ method, params }: AnyNotification): boolean {
    switch (method) {
      case 'participant.joined':
        this.#put(params.participant);
        break;
      case 'participant.updated':
        this.#update(params.participant);
        break;
      case 'participant.left':
        this.#remove(params.participantId);
        break;
      case 'publication.added':
      case 'publication.updated':
        this.#putPublication(params.participantId, params.publication);
        break;
      case 'publication.removed':
        this.#removePublication(params.participantId, params.publicationId);
        break;
      default:
        return false;
    }
    this.#shown = undefined;
    return true;
  }

  close(): void {
    for (const participantId of [...this.#people.keys()]) this.#remove(participantId);
  }

  #put(info: ParticipantInfo): void {
    const person = this.#people.get(info.participantId) ?? { info, inputs: new Map<string, Published>() };
    this.#people.set(info.participantId, person);
    person.info = info;
    const published = new Set(info.publications.map(({ publicationId }) => publicationId));
    for (const publicationId of [...person.inputs.keys()])
      if (!published.has(publicationId)) this.#removePublication(info.participantId, publicationId);
    for (const publication of info.publications) this.#putPublication(info.participantId, publication);
  }

  /** Publications have notifications of their own, which may be ahead of this one. */
  #update(info: ParticipantInfo): void {
    const person = this.#people.get(info.participantId);
    if (person) person.info = info;
  }

  #remove(participantId: string): void {
    const person = this.#people.get(participantId);
    for (const publicationId of [...(person?.inputs.keys() ?? [])])
      this.#removePublication(participantId, publicationId);
    this.#people.delete(participantId);
  }

  #putPublication(participantId: string, publication: PublicationInfo): void {
    const person = this.#people.get(participantId);
    // A recorder sends nothing.
    if (!person) return;
    const { publicationId, source } = publication;
    const known = person.inputs.get(publicationId);
    if (known) known.setInfo(publication);
    else if (source === 'camera' || source === 'screen')
      person.inputs.set(publicationId, new PublishedVideo(publication, source, this.#supply));
    else person.inputs.set(publicationId, new PublishedAudio(publication, source, this.#supply));
  }

  #removePublication(participantId: string, publicationId: string): void {
    const inputs = this.#people.get(participantId)?.inputs;
    inputs?.get(publicationId)?.close();
    inputs?.delete(publicationId);
    this.#supply.forget(publicationId);
  }
}

/** Whoever does not agree to be recorded is not there at all: not seen, heard or named. */
function isShown({ kind, recordingConsent }: ParticipantInfo): boolean {
  return kind !== 'recorder' && (recordingConsent === undefined || recordingConsent === 'agreed');
}

function shownAs({ info, inputs }: Person): ProgramParticipant {
  const { participantId, identity, displayName, kind, role, joinedAt, connection, raisedHandAt } = info;
  return {
    ...{ participantId, identity, displayName, kind, role, joinedAt, raisedHandAt },
    interrupted: connection === 'interrupted',
    ...Object.fromEntries([...inputs.values()].map((input) => [input.source, input])),
  };
}
