import type { PhoneCommand, PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import { expect, vi } from 'vitest';
import { PhoneControl } from '../PhoneControl.ts';
import { SETTINGS } from './settings.ts';

export { EXTENSION, outboundTo, SETTINGS, trunkOf } from './settings.ts';

type EventOf<T extends PhoneEvent['type']> = Extract<PhoneEvent, { type: T }>;

/** Call control as the server has it, with real sockets, and all that it has told. */
export class ControlHarness {
  readonly events: PhoneEvent[] = [];
  readonly control = new PhoneControl((event) => this.events.push(event));
  port = 0;
  #settings: PhoneSettings | undefined;

  /** Listens at a free port. */
  async start(change: Partial<PhoneSettings> = {}): Promise<number> {
    await this.configure({ ...SETTINGS, ...change });
    const { udpPort } = await this.told('listening');
    this.port = udpPort ?? 0;
    return this.port;
  }

  async configure(change: Partial<PhoneSettings>): Promise<void> {
    this.#settings = { ...(this.#settings ?? SETTINGS), ...change };
    await this.control.handle({ type: 'configure', settings: this.#settings });
  }

  do(command: PhoneCommand): Promise<void> {
    return this.control.handle(command);
  }

  /** The last event of a kind that fits. */
  async told<T extends PhoneEvent['type']>(
    type: T,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    const isIt = (event: PhoneEvent): event is EventOf<T> => event.type === type;
    const found = () => this.events.filter(isIt).findLast(fits);
    await vi.waitFor(() => expect(found(), `an event ${type}`).toBeDefined(), {
      timeout: 10_000,
      interval: 10,
    });
    const event = found();
    if (!event) throw new Error('unreachable');
    return event;
  }

  async stop(): Promise<void> {
    await this.control.stop();
  }
}
