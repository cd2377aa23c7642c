import {
  ParleyError,
  type CallExportQuery,
  type CallQuery,
  type CallRecord,
  type CreatedPin,
  type CreatePinBody,
  type DispatchRule,
  type Extension,
  type ExtensionBody,
  type ExtensionInfo,
  type PinInfo,
  type RefusedCall,
  type RoomPhone,
  type RuleBody,
  type RuleInfo,
  type Trunk,
  type TrunkBody,
  type TrunkInfo,
} from '@parley/protocol';
import type { Config } from '../../config/schema.ts';
import type { Actor } from '../../room/actors.ts';
import type { Desk } from '../../room/HostDesk.ts';
import { hostIn } from '../../room/hostIn.ts';
import { pageOf, type Page, type PageRequest } from '../../room/paging.ts';
import type { PhoneStatus } from '../../room/phonePorts.ts';
import type { Room } from '../../room/Room.ts';
import type { CallBook } from './CallBook.ts';
import { CSV_HEAD, csvLine } from './callsCsv.ts';
import type { Entry, PhoneEntries } from './PhoneEntries.ts';
import { arePhonesOn } from './phoneSettings.ts';
import type { Pins } from './Pins.ts';
import type { CallStore } from './ports.ts';
import { withoutPasswords } from './trunkPasswords.ts';

export interface PhoneDeskOptions {
  config: Pick<Config, 'sip' | 'meetings'>;
  entries: PhoneEntries;
  pins: Pins;
  calls: CallBook;
  store: Pick<CallStore, 'find' | 'list' | 'refusals'>;
  status: Pick<PhoneStatus, 'trunks' | 'registered' | 'calls'>;
  rooms: { room(name: string): Room; find(name: string): Room | undefined; keep(room: Room): void };
}

const CSV_PAGE = 500;
const UNKNOWN = { registration: 'off', reachable: 'unknown', why: null, calls: 0 } as const;

/** What operators and hosts ask about phones, and change, by REST. */
export class PhoneDesk {
  readonly #options: PhoneDeskOptions;

  constructor(options: PhoneDeskOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return arePhonesOn(this.#options.config.sip, this.#options.entries);
  }

  listTrunks(page: PageRequest): Page<TrunkInfo> {
    const trunks = this.#options.entries.trunks.map((entry) => this.#trunkInfo(entry));
    return pageOf(trunks, ({ trunkId }) => trunkId, page);
  }

  getTrunk(trunkId: string): TrunkInfo {
    const entry = this.#options.entries.findTrunk(trunkId);
    if (!entry) throw new ParleyError('TRUNK_NOT_FOUND');
    return this.#trunkInfo(entry);
  }

  putTrunk(trunkId: string, body: TrunkBody): { trunk: TrunkInfo; created: boolean } {
    const created = this.#options.entries.putTrunk(trunkId, body);
    return { trunk: this.getTrunk(trunkId), created };
  }

  deleteTrunk(trunkId: string): void {
    this.#options.entries.deleteTrunk(trunkId);
  }

  listRules(page: PageRequest): Page<RuleInfo> {
    return pageOf(this.#options.entries.rules.map(ruleInfo), ({ ruleId }) => ruleId, page);
  }

  getRule(ruleId: string): RuleInfo {
    const entry = this.#options.entries.findRule(ruleId);
    if (!entry) throw new ParleyError('RULE_NOT_FOUND');
    return ruleInfo(entry);
  }

  putRule(ruleId: string, body: RuleBody): { rule: RuleInfo; created: boolean } {
    const created = this.#options.entries.putRule(ruleId, body);
    return { rule: this.getRule(ruleId), created };
  }

  deleteRule(ruleId: string): void {
    this.#options.entries.deleteRule(ruleId);
  }

  listExtensions(page: PageRequest): Page<ExtensionInfo> {
    const all = this.#options.entries.extensions.map((entry) => this.#extensionInfo(entry));
    return pageOf(all, ({ extension }) => extension, page);
  }

  getExtension(extension: string): ExtensionInfo {
    const entry = this.#options.entries.findExtension(extension);
    if (!entry) throw new ParleyError('EXTENSION_NOT_FOUND');
    return this.#extensionInfo(entry);
  }

  putExtension(extension: string, body: ExtensionBody): { extension: ExtensionInfo; created: boolean } {
    const created = this.#options.entries.putExtension(extension, body);
    return { extension: this.getExtension(extension), created };
  }

  deleteExtension(extension: string): void {
    this.#options.entries.deleteExtension(extension);
  }

  listCalls({ limit = 50, cursor, ...filter }: CallQuery): Page<CallRecord> {
    const { calls, nextBefore } = this.#options.store.list(filter, { limit, ...beforeOf(cursor) });
    return { items: calls.map((call) => this.#asNow(call)), nextCursor: cursorOf(nextBefore) };
  }

  getCall(callId: string): CallRecord {
    const call = this.#options.store.find(callId);
    if (!call) throw new ParleyError('CALL_NOT_FOUND');
    return this.#asNow(call);
  }

  *exportCalls(filter: CallExportQuery): Iterable<string> {
    yield CSV_HEAD;
    let before: number | null = Number.MAX_SAFE_INTEGER;
    while (before !== null) {
      const page: { calls: CallRecord[]; nextBefore: number | null } = this.#options.store.list(filter, {
        before,
        limit: CSV_PAGE,
      });
      yield page.calls.map(csvLine).join('');
      before = page.nextBefore;
    }
  }

  listRefusedCalls({ limit = 50, cursor }: PageRequest): Page<RefusedCall> {
    const { calls, nextBefore } = this.#options.store.refusals({ limit, ...beforeOf(cursor) });
    return { items: calls, nextCursor: cursorOf(nextBefore) };
  }

  roomPhone(desk: Desk): Promise<RoomPhone> {
    return this.#do(desk, (room) => this.#phoneOf(room));
  }

  /** The former PIN opens nothing from now on; who came by it stays. */
  renewPin(desk: Desk): Promise<RoomPhone> {
    return this.#do(desk, (room, by) => {
      this.#assertOn();
      this.#options.pins.renew(room.roomId);
      room.audit(by, 'pin.renew');
      return this.#phoneOf(room);
    });
  }

  listPins(desk: Desk, page: PageRequest): Promise<Page<PinInfo>> {
    return this.#do(desk, (room) => pageOf(this.#options.pins.list(room.roomId), ({ pinId }) => pinId, page));
  }

  /** The room stays from now on, as with an invitation; not where a guest runs it, who is a host of this meeting only. */
  createPin(desk: Desk, body: CreatePinBody): Promise<CreatedPin> {
    return this.#do(desk, (room, by) => {
      this.#assertOn();
      if (body.role === 'owner' && !desk.by.roomCreate) throw new ParleyError('PERMISSION_DENIED');
      const { info, digits } = this.#options.pins.create(room.roomId, body, by);
      if (!desk.by.isGuest) this.#options.rooms.keep(room);
      const { pinId, identity, role, label } = info;
      room.audit(by, 'pin.create', { details: { pinId, identity, role, label } });
      return { ...info, pin: digits };
    });
  }

  revokePin(desk: Desk, pinId: string): Promise<void> {
    return this.#do(desk, (room, by) => {
      const { identity, label } = this.#options.pins.revoke(room.roomId, pinId);
      room.audit(by, 'pin.revoke', { details: { pinId, identity, label } });
    });
  }

  dialInOf(name: string): { numbers: { label: string; number: string }[]; pin: string | undefined } {
    const room = this.#options.rooms.find(name);
    const numbers = this.#numbers();
    return { numbers, pin: room && this.isOn ? this.#options.pins.ofRoom(room.roomId) : undefined };
  }

  #phoneOf(room: Room): RoomPhone {
    const { numbers, pin = null } = this.dialInOf(room.record.name);
    return { numbers, pin };
  }

  #assertOn(): void {
    if (!this.isOn) throw new ParleyError('PHONES_OFF');
  }

  /** Those that the operator prints, and the numbers of trunks that are written out. */
  #numbers(): { label: string; number: string }[] {
    const { config, entries } = this.#options;
    const known = new Set(config.meetings.dialIn.map(({ number }) => number.replace(/[^+0-9]/g, '')));
    const ofTrunks = entries.trunks
      .filter(({ value }) => value.enabled)
      .flatMap(({ value }) =>
        (value.inbound?.numbers ?? [])
          .filter((number) => /^\+[0-9]{6,15}$/.test(number) && !known.has(number))
          .map((number) => ({ label: value.name, number })),
      );
    return [...config.meetings.dialIn, ...ofTrunks];
  }

  /** What goes on is known better by those who carry it. */
  #asNow(call: CallRecord): CallRecord {
    if (call.endedAt !== null) return call;
    return this.#options.status.calls.find(({ callId }) => callId === call.callId) ?? call;
  }

  #trunkInfo({ value, fixed }: Entry<Trunk>): TrunkInfo {
    const { trunkId } = value;
    const state = this.#options.status.trunks.find((one) => one.trunkId === trunkId);
    return {
      ...{ ...withoutPasswords(value), fixed, state: state ?? { trunkId, ...UNKNOWN } },
      minutesToday: Math.round(this.#options.calls.minutesToday(trunkId) * 10) / 10,
    };
  }

  #extensionInfo({ value, fixed }: Entry<Extension>): ExtensionInfo {
    const { extension, displayName, identity, maxContacts } = value;
    const registered = this.#options.status.registered.has(extension);
    return { extension, displayName, identity, maxContacts, fixed, registered };
  }

  async #do<T>({ room: name, by }: Desk, task: (room: Room, by: Actor) => T): Promise<T> {
    const room = this.#options.rooms.room(name);
    return room.run(() => task(room, hostIn(room, by)));
  }
}

const ruleInfo = ({ value, fixed }: Entry<DispatchRule>): RuleInfo => ({ ...value, fixed });

const cursorOf = (before: number | null): string | null => (before === null ? null : String(before));

/** Throws INVALID_PARAMS. */
function beforeOf(cursor: string | undefined): { before?: number } {
  if (cursor === undefined) return {};
  if (/^\d{1,15}$/.test(cursor)) return { before: Number(cursor) };
  throw new ParleyError('INVALID_PARAMS', {
    details: { path: 'cursor', reason: 'not a cursor of this list' },
  });
}
