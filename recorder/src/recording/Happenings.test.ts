import { expect, it } from 'vitest';
import type { ProgramHappening } from '../sinks/RecordingWriter.ts';
import { SyntheticRoom } from '../testing/SyntheticRoom.ts';
import { Happenings } from './Happenings.ts';

function watch(): { room: SyntheticRoom; told: ProgramHappening[]; happenings: Happenings } {
  const room = new SyntheticRoom();
  room.join({ name: 'Ada' }, { name: 'Grace' });
  const told: ProgramHappening[] = [];
  return { room, told, happenings: new Happenings(room, (event) => told.push(event)) };
}

it('tells who speaks, and of nobody who is not among those who are recorded', () => {
  const { room, told, happenings } = watch();
  room.speak('Ada');
  room.dominant = 'p-Refuser';
  room.levels = new Map([['p-Refuser', -20]]);
  room.emit('speakers');
  expect(told).toEqual([{ type: 'speaker', participantId: 'p-Ada' }]);
  expect(happenings.present.at(-1)).toEqual({ type: 'speaker', participantId: 'p-Ada' });
});

it('forgets the speaker who left', () => {
  const { room, happenings, told } = watch();
  room.speak('Grace');
  room.leave('Grace');
  expect(told.at(-1)).toEqual({ type: 'left', participantId: 'p-Grace' });
  expect(happenings.present).toEqual([{ type: 'joined', participantId: 'p-Ada', name: 'Ada' }]);
});
