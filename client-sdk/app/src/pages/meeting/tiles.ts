/** What is shown as a tile: each participant once, and each shared screen once more. */
import type { Participant } from '@parley/client-sdk';

export interface TileModel {
  key: string;
  participant: Participant;
  source: 'camera' | 'screen';
}

/**
 * Shared screens first, then oneself, then the others in the order in which they joined. An audience has no tiles, unless there
 * is nobody else.
 */
export function tilesOf(participants: readonly Participant[]): TileModel[] {
  const shown = participants.filter(({ kind }) => kind !== 'recorder');
  const screens = shown
    .filter((participant) => participant.getPublication('screen') !== undefined)
    .map((participant): TileModel => ({ key: screenKey(participant), participant, source: 'screen' }));
  const onStage = shown.filter(({ role, publications }) => role !== 'viewer' || publications.size > 0);
  const people = (onStage.length > 0 ? onStage : shown).map((participant): TileModel => ({
    key: personKey(participant),
    participant,
    source: 'camera',
  }));
  return [...screens, ...people];
}

export function personKey({ participantId }: { participantId: string }): string {
  return `${participantId}:camera`;
}

function screenKey({ participantId }: { participantId: string }): string {
  return `${participantId}:screen`;
}
