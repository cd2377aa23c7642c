import type { Config } from '../../config/schema.ts';
import type { Logger } from '../../observability/logger.ts';
import type { PhoneStatus } from '../../room/phonePorts.ts';
import type { RoomNow } from '../../room/RoomEvents.ts';
import type { Rooms } from '../../room/Rooms.ts';
import { CallBook } from './CallBook.ts';
import { CallLimits } from './CallLimits.ts';
import { DialGate } from './DialGate.ts';
import { PhoneDesk } from './PhoneDesk.ts';
import { PhoneDirectory } from './PhoneDirectory.ts';
import { PhoneEntries } from './PhoneEntries.ts';
import { PhoneVault } from './PhoneVault.ts';
import { PinGuard } from './PinGuard.ts';
import { Pins } from './Pins.ts';
import type { Beats, CallAsker, CallStore, CallTeller, PhoneEntryStore, PinStore } from './ports.ts';

/** Who is told of calls, and asked about them; `Webhooks` is one. */
export interface CallReceivers extends CallAsker {
  tellOfCall(
    event: Parameters<CallTeller['tellOfCall']>[0],
    call: Parameters<CallTeller['tellOfCall']>[1],
    room: RoomNow | undefined,
  ): void;
  tellOfRefusal: CallTeller['tellOfRefusal'];
}

export interface PhoneOfficeOptions {
  config: Config;
  stores: { phoneEntries: PhoneEntryStore; pins: PinStore; calls: CallStore; meetings: Beats };
  receivers: CallReceivers;
  logger: Logger;
}

/** All that the server keeps and decides of phones, wired: it is asked by those who carry calls, and by REST. */
export class PhoneOffice {
  readonly directory: PhoneDirectory;
  readonly calls: CallBook;
  readonly #options: PhoneOfficeOptions;
  readonly #entries: PhoneEntries;
  readonly #pins: Pins;
  #rooms: Rooms | undefined;

  /** What a crash left open has ended. Throws PrivateFileError. */
  constructor(options: PhoneOfficeOptions) {
    const { config, stores, receivers, logger } = options;
    const { sip } = config;
    this.#options = options;
    const vault = PhoneVault.open(config);
    const entries = (this.#entries = new PhoneEntries({
      ...{ config: sip, store: stores.phoneEntries, vault, logger },
    }));
    const pins = (this.#pins = new Pins({ store: stores.pins, vault, length: sip.pins.length }));
    this.calls = new CallBook({
      ...{ store: stores.calls, beats: stores.meetings, logger },
      teller: {
        tellOfCall: (event, call) => receivers.tellOfCall(event, call, this.#roomNow(call.room)),
        tellOfRefusal: (call) => receivers.tellOfRefusal(call),
      },
    });
    const limits = new CallLimits(this.calls, sip.limits);
    const gate = new DialGate({ config: sip, entries, limits });
    const rooms = { find: (name: string) => this.#rooms?.find(name) };
    const guard = new PinGuard(sip.pins);
    this.directory = new PhoneDirectory({
      ...{ config, entries, pins, guard, limits, gate, asker: receivers, rooms, logger },
    });
  }

  /** From now on these are the rooms, and `status` says how phones are. Gives what REST asks. */
  open(rooms: Rooms, status: Pick<PhoneStatus, 'trunks' | 'registered' | 'calls'>): PhoneDesk {
    this.#rooms = rooms;
    const { config, stores } = this.#options;
    return new PhoneDesk({
      ...{ config, entries: this.#entries, pins: this.#pins, calls: this.calls, store: stores.calls },
      ...{ status, rooms },
    });
  }

  close(): void {
    this.calls.close();
  }

  #roomNow(name: string | null): RoomNow | undefined {
    const room = name === null ? undefined : this.#rooms?.find(name);
    return room && { info: room.info, meetingId: room.meetingId };
  }
}
