/** What a meeting should be like, written down a second time and simply, to compare the real one with. */
import type { LobbyPolicy, Role } from '@parley/protocol';

export interface PersonModel {
  readonly identity: string;
  readonly tokenRole: Role;
  readonly isGuest: boolean;
  readonly network: string;
  readonly canSubscribe: boolean;
  /** `out` is also who was let in and has not come yet. */
  place: 'out' | 'lobby' | 'in';
  connected: boolean;
  /** Waits, and was waiting when the server was killed: has a place and no session yet. */
  returning: boolean;
  /** Breakout room that they are in, while they are in the meeting; null is the main room. */
  zone: number | null;
  publishing: boolean;
  /** When they came; counts up. */
  arrival: number;
  /** What follows holds when they are away, until the meeting ends. */
  decidedRole: Role | null;
  admission: 'none' | 'admitted' | 'sentBack';
  /** Messages that had been sent when they came for the first time; null when they never did. */
  messagesBefore: number | null;
  assigned: number | null;
  hand: number | null;
  /** Outlives meetings. */
  banned: boolean;
  /** Whether it is known from where they come. */
  networkKnown: boolean;
  networkBanned: boolean;
}

export interface MessageModel {
  readonly from: string;
  readonly to: string | null;
  readonly zone: number | null;
  text: string;
  deleted: boolean;
  /** Not even a trace is left. */
  cleared: boolean;
}

type Settings = {
  lobby: LobbyPolicy;
  chatHistory: 'all' | 'sinceJoined';
  privateChat: 'everyone' | 'withHosts' | 'nobody';
  duplicateIdentity: 'replace' | 'refuse';
};
export type { Settings as ModelSettings };

const person = (identity: string, tokenRole: Role, more: Partial<PersonModel> = {}): PersonModel => ({
  ...{ identity, tokenRole, isGuest: false, network: `198.51.100.${identity.length}`, canSubscribe: true },
  ...{ place: 'out', connected: false, returning: false, zone: null, publishing: false, arrival: 0 },
  ...{ decidedRole: null, admission: 'none', messagesBefore: null, assigned: null, hand: null },
  ...{ banned: false, networkKnown: false, networkBanned: false },
  ...more,
});

/** Two guests share a network, so that a ban of one keeps the other out. */
const people = (): PersonModel[] => [
  person('olga', 'owner'),
  person('hanna', 'host'),
  person('ann', 'participant'),
  person('bob', 'participant'),
  person('vic', 'viewer'),
  person('sam', 'participant', { canSubscribe: false }),
  person('gus', 'participant', { isGuest: true, network: '192.0.2.7' }),
  person('gil', 'participant', { isGuest: true, network: '192.0.2.7' }),
];
export const IDENTITIES = people().map(({ identity }) => identity);

export const isHostRole = (role: Role): boolean => role === 'owner' || role === 'host';
export const roleOf = ({ decidedRole, tokenRole }: PersonModel): Role => decidedRole ?? tokenRole;

export class MeetingModel {
  readonly people = new Map(people().map((one) => [one.identity, one]));
  readonly settings: Settings;
  /** Whether somebody may admit as soon as there is no host, or only long after this test. */
  readonly successorAtOnce: boolean;
  /** Who waits, longest first. */
  queue: string[] = [];
  breakouts = { open: false, choosing: false, rooms: new Set<number>() };
  roomsMade = 0;
  messages: MessageModel[] = [];
  successor: string | undefined;
  #texts = 0;
  #counter = 0;

  constructor(settings: Settings, successorAtOnce: boolean) {
    this.settings = { ...settings };
    this.successorAtOnce = successorAtOnce;
  }

  /** One to try things on. */
  clone(): MeetingModel {
    const copy = new MeetingModel(this.settings, this.successorAtOnce);
    for (const [identity, one] of this.people) copy.people.set(identity, { ...one });
    copy.queue = [...this.queue];
    copy.breakouts = { ...this.breakouts, rooms: new Set(this.breakouts.rooms) };
    copy.roomsMade = this.roomsMade;
    copy.messages = this.messages.map((message) => ({ ...message }));
    copy.successor = this.successor;
    copy.#texts = this.#texts;
    copy.#counter = this.#counter;
    return copy;
  }

  get(identity: string): PersonModel {
    const found = this.people.get(identity);
    if (!found) throw new Error(`There is no ${identity}`);
    return found;
  }

  get present(): PersonModel[] {
    return [...this.people.values()]
      .filter(({ place }) => place === 'in')
      .sort((a, b) => a.arrival - b.arrival);
  }

  next(): number {
    return (this.#counter += 1);
  }

  /** A text that is nowhere else. */
  newText(): string {
    return `text-${(this.#texts += 1)}-`;
  }

  isHost(identity: string): boolean {
    const one = this.get(identity);
    return one.place === 'in' && isHostRole(roleOf(one));
  }

  mayAdmit(identity: string): boolean {
    return this.isHost(identity) || this.successor === identity;
  }

  /** A guest is kept out for another of their network, too, unless they were in before. */
  isBanned({ banned, isGuest, network, place, messagesBefore }: PersonModel): boolean {
    const sharesBan = ({ networkBanned, network: other }: PersonModel) => networkBanned && other === network;
    const isKnown = place === 'in' || messagesBefore !== null;
    return banned || (isGuest && !isKnown && [...this.people.values()].some(sharesBan));
  }

  mustKnock(one: PersonModel): boolean {
    if (one.admission === 'sentBack') return true;
    if (one.admission === 'admitted' || one.place === 'in') return false;
    const role = roleOf(one);
    const byPolicy: Record<LobbyPolicy, boolean> = {
      off: false,
      guests: one.isGuest && !isHostRole(role),
      notHosts: !isHostRole(role),
      everyone: role !== 'owner',
    };
    return byPolicy[this.settings.lobby];
  }

  enter(one: PersonModel): void {
    this.queue = this.queue.filter((identity) => identity !== one.identity);
    const { open, rooms } = this.breakouts;
    Object.assign(one, {
      place: 'in',
      connected: true,
      returning: false,
      publishing: false,
      admission: 'admitted',
      arrival: this.next(),
      messagesBefore: one.messagesBefore ?? this.messages.length,
      zone: open && one.assigned !== null && rooms.has(one.assigned) ? one.assigned : null,
    } satisfies Partial<PersonModel>);
  }

  knock(one: PersonModel): void {
    if (!this.queue.includes(one.identity)) this.queue.push(one.identity);
    Object.assign(one, { place: 'lobby', returning: false, publishing: false, zone: null });
  }

  /** They are neither in the meeting nor in the lobby any more. */
  depart(one: PersonModel): void {
    this.queue = this.queue.filter((identity) => identity !== one.identity);
    Object.assign(one, { place: 'out', connected: false, returning: false, publishing: false, zone: null });
  }

  ban(one: PersonModel): void {
    one.banned = true;
    one.networkBanned = one.isGuest && one.networkKnown;
  }

  /** Whether they may be shown a message as it is now, being in this place of the meeting. */
  mayRead(one: PersonModel, message: MessageModel, zone = one.zone): boolean {
    if (message.cleared) return false;
    if (message.from === one.identity || message.to === one.identity) return true;
    if (message.to !== null || message.zone !== zone) return false;
    const seesAll = this.settings.chatHistory === 'all' || isHostRole(roleOf(one));
    return seesAll || this.messages.indexOf(message) >= (one.messagesBefore ?? Infinity);
  }

  /** What follows by itself from who is there: who may admit while no host is. */
  update(): void {
    const { present } = this;
    const hostPresent = present.some((one) => one.connected && isHostRole(roleOf(one)));
    const candidates = present.filter(
      (one) => one.connected && roleOf(one) === 'participant' && !one.isGuest,
    );
    const stays = candidates.find(({ identity }) => identity === this.successor);
    this.successor = hostPresent || !this.successorAtOnce ? undefined : (stays ?? candidates[0])?.identity;
  }

  crash(): void {
    for (const one of this.people.values()) {
      if (one.place === 'in') this.depart(one);
      // Who waits has a place still, and it is known from where they came.
      if (one.place === 'lobby') Object.assign(one, { connected: false, returning: true });
      else one.networkKnown = false;
    }
    this.successor = undefined;
  }

  end(): void {
    for (const one of this.people.values()) {
      this.depart(one);
      const forgotten = {
        decidedRole: null,
        admission: 'none',
        messagesBefore: null,
        assigned: null,
        hand: null,
      };
      Object.assign(one, forgotten);
    }
    for (const message of this.messages) message.cleared = true;
    this.breakouts = { open: false, choosing: false, rooms: new Set() };
  }
}
