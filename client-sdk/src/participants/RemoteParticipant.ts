import type { ParticipantInfo, PublicationInfo, Source } from '@parley/protocol';
import { Participant } from './Participant.ts';
import { RemotePublication, type RemotePublicationOptions } from './RemotePublication.ts';

/** Somebody else in the room. */
export class RemoteParticipant extends Participant {
  readonly isLocal = false;
  readonly #publications = new Map<Source, RemotePublication>();
  readonly #options: RemotePublicationOptions;

  constructor(info: ParticipantInfo, options: RemotePublicationOptions) {
    super(info);
    this.#options = options;
    for (const publication of info.publications) this.addPublication(publication);
  }

  get publications(): ReadonlyMap<Source, RemotePublication> {
    return this.#publications;
  }

  override getPublication(source: Source): RemotePublication | undefined {
    return this.#publications.get(source);
  }

  findPublicationById(publicationId: string): RemotePublication | undefined {
    for (const publication of this.#publications.values())
      if (publication.publicationId === publicationId) return publication;
    return undefined;
  }

  /** @internal */
  addPublication(info: PublicationInfo): RemotePublication {
    const publication = new RemotePublication(info, this.#options);
    this.#publications.get(info.source)?.close();
    this.#publications.set(info.source, publication);
    return publication;
  }

  /** @internal */
  removePublication(publication: RemotePublication): void {
    publication.close();
    if (this.#publications.get(publication.source) === publication)
      this.#publications.delete(publication.source);
  }

  /** @internal */
  close(): void {
    for (const publication of this.#publications.values()) publication.close();
    this.#publications.clear();
  }
}
