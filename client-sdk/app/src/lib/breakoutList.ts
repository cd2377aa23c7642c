/** Breakout rooms as a host writes them down beforehand: a line for each, such as `Blue: Ann, Bob`. */

export interface ListedRoom {
  name: string;
  /** Names or identities. */
  people: string[];
}

/** Lines without a colon are rooms without people; empty ones are skipped. A name that stands twice is one room. */
export function parseBreakoutList(text: string): ListedRoom[] {
  const rooms = new Map<string, ListedRoom>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = (colon < 0 ? line : line.slice(0, colon)).trim().slice(0, 64);
    if (name === '') continue;
    const room = rooms.get(name) ?? { name, people: [] };
    room.people.push(...(colon < 0 ? [] : peopleIn(line.slice(colon + 1))));
    rooms.set(name, room);
  }
  return [...rooms.values()];
}

const peopleIn = (text: string): string[] =>
  text
    .split(/[,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');

interface Person {
  identity: string;
  displayName: string;
}

/** Who of the list is here, by identity or by name, and whom it names but nobody knows. A name that two people have fits neither. */
export function matchPeople(
  rooms: readonly ListedRoom[],
  present: readonly Person[],
): { assigned: { identity: string; room: number }[]; unknown: string[] } {
  const assigned: { identity: string; room: number }[] = [];
  const unknown: string[] = [];
  for (const [room, { people }] of rooms.entries()) {
    for (const name of people) {
      const [person, another] = present.filter((one) => isCalled(one, name));
      if (person === undefined || another !== undefined) unknown.push(name);
      else assigned.push({ identity: person.identity, room });
    }
  }
  return { assigned, unknown };
}

const isCalled = ({ identity, displayName }: Person, name: string): boolean =>
  identity === name || displayName.trim().toLowerCase() === name.toLowerCase();
