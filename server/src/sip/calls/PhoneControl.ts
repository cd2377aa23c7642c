import type { PhoneCommand, PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import { SerialQueue } from '../../util/SerialQueue.ts';
import type { OwnEnd } from './legEnd.ts';
import type { Legs, LiveLeg } from './Legs.ts';
import { CannotDial, type Dial, type MadeCall } from './OutgoingCalls.ts';
import { PhoneSystem } from './PhoneSystem.ts';
import { soundOf } from './soundOf.ts';
import { reportCall, transferLeg } from './transfers.ts';

type Command<T extends PhoneCommand['type']> = Extract<PhoneCommand, { type: T }>;

/** Does what the server says. What is asked of a leg that has just ended is passed over. */
export class PhoneControl {
  readonly #tell: (event: PhoneEvent) => void;
  readonly #queue = new SerialQueue();
  /** Calls that are about to be made, and who has taken them back already. */
  readonly #dialling = new Map<string, OwnEnd | undefined>();
  #system: PhoneSystem | undefined;

  constructor(tell: (event: PhoneEvent) => void) {
    this.#tell = tell;
  }

  /** Rejects only with what is a fault of the program. */
  async handle(command: PhoneCommand): Promise<void> {
    if (command.type === 'configure') return this.#queue.run(() => this.#configure(command.settings));
    if (command.type === 'stop') return this.stop();
    // Zones and calls follow the settings that they were asked for with.
    await this.#queue.run(() => Promise.resolve());
    if (this.#system) await this.#do(command, this.#system);
  }

  /** Ends all calls, and tells that it has. */
  async stop(): Promise<void> {
    await this.#system?.close();
    this.#system = undefined;
    this.#tell({ type: 'stopped' });
  }

  async #configure(settings: PhoneSettings): Promise<void> {
    if (this.#system) return this.#system.configure(settings);
    this.#system = new PhoneSystem(settings, await soundOf(settings), this.#tell);
    await this.#system.start();
  }

  async #do(
    command: Exclude<PhoneCommand, { type: 'configure' | 'stop' }>,
    { legs, zones }: PhoneSystem,
  ): Promise<void> {
    switch (command.type) {
      case 'openZone':
        return zones.open(command);
      case 'setTalkers':
        return zones.setTalkers(command.zoneId, command.talkers);
      case 'closeZone':
        return zones.close(command.zoneId);
      case 'dial':
        return this.#dial(command);
      default:
        return this.#doWithLeg(command, legs);
    }
  }

  async #doWithLeg(
    command: Exclude<
      PhoneCommand,
      { type: 'configure' | 'stop' | 'openZone' | 'setTalkers' | 'closeZone' | 'dial' }
    >,
    legs: Legs,
  ): Promise<void> {
    const live = legs.find(command.legId);
    // It may be taken back while it is still seen to how the phone is reached.
    if (!live && command.type === 'hangUp' && this.#dialling.has(command.legId))
      this.#dialling.set(command.legId, command);
    if (!live) return;
    const { leg, incoming } = live;
    switch (command.type) {
      case 'decide':
        return incoming?.decide(command.decision);
      case 'place':
        return leg.place(command.place);
      case 'setMuted':
        return leg.setMuted(command.muted);
      case 'say':
        return void leg.say(command.prompts, 'room');
      case 'sendDigits':
        return leg.sendDigits(command.digits);
      case 'hangUp':
        return leg.endAfter(command.prompt, command);
      case 'transfer':
        return this.#transfer(command, legs);
      case 'decideTransfer':
        return this.#decideTransfer(live, command);
    }
  }

  async #decideTransfer(
    { leg, refer }: LiveLeg,
    { accept, outcome }: Command<'decideTransfer'>,
  ): Promise<void> {
    if (!accept) return refer?.reject();
    refer?.accept();
    if (outcome === undefined) return;
    await refer?.notify(outcome);
    if (outcome < 300) leg.end({ by: 'server', why: 'The call was passed on.' });
  }

  #transfer({ legId, target, attendedLegId }: Command<'transfer'>, legs: Legs): Promise<void> | void {
    const live = legs.find(legId);
    const attended = attendedLegId === null ? undefined : legs.find(attendedLegId)?.leg;
    if (live)
      return transferLeg(
        live,
        { target, attended },
        { tell: this.#tell, domain: this.#system?.domain ?? '' },
      );
  }

  async #dial(wish: Dial): Promise<void> {
    const system = this.#system;
    if (!system) return;
    const asking = wish.transferOf === undefined ? undefined : system.legs.find(wish.transferOf);
    this.#dialling.set(wish.legId, undefined);
    try {
      await system.outgoing.dial(wish, (made) => this.#begun(made, system, asking), asking?.refer?.replaces);
    } catch (error) {
      const isFault = !(error instanceof CannotDial);
      if (isFault) console.error('A call could not be made:', error);
      asking?.refer?.accept();
      void asking?.refer?.notify(503);
      this.#tell(neverBegun(wish.legId, isFault ? 'The call could not be made.' : error.message));
    } finally {
      this.#dialling.delete(wish.legId);
    }
  }

  #begun({ leg, line }: MadeCall, { legs }: PhoneSystem, asking: LiveLeg | undefined): void {
    legs.add({ leg, line });
    if (asking?.refer) reportCall(asking.refer, leg, asking.leg);
    const takenBack = this.#dialling.get(leg.legId);
    if (takenBack) leg.end(takenBack);
  }
}

function neverBegun(legId: string, why: string): PhoneEvent {
  const now = Date.now();
  const quality = { codec: null, packetsLost: 0, packetsReceived: 0, jitterMs: 0, concealedMs: 0, mos: null };
  const end = {
    by: 'server',
    status: 503,
    why,
    startedAt: now,
    answeredAt: null,
    endedAt: now,
    quality,
  } as const;
  return { type: 'ended', legId, end };
}
