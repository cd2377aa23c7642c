import { randomBytes } from 'node:crypto';
import type { PhoneEvent } from '@parley/protocol/phoneProcess';
import type { LegSound, SoundEngine } from '../audio/engine.ts';
import { SipSyntaxError } from '../stack/message/SipSyntaxError.ts';
import type { IncomingCall } from '../stack/UserAgent.ts';
import type { InviteSession } from '../stack/session/InviteSession.ts';
import type { TimerSettings } from '../stack/session/timerSettings.ts';
import type { Caller, CallerCheck } from './CallerCheck.ts';
import type { CallNumbers } from './callNumbers.ts';
import { IncomingLeg } from './IncomingLeg.ts';
import { Leg, type LegLimits } from './Leg.ts';
import { OWN_PHONES, soundOffer } from './soundOffer.ts';
import type { TrunkLine } from './TrunkLine.ts';

export interface IncomingSettings {
  readonly check: CallerCheck;
  readonly engine: SoundEngine;
  /** Where phones are to send sound; null: where the call came to. */
  readonly mediaAddress: string | null;
  readonly limits: LegLimits;
  readonly timer: TimerSettings;
  readonly tell: (event: PhoneEvent) => void;
  /** Why no call is taken at all; undefined where calls are. */
  readonly whyFull: () => string | undefined;
  /** See Legs. */
  readonly findLeg: (session: InviteSession) => Leg | undefined;
  readonly reserve: (line: TrunkLine | undefined) => () => void;
  /** `from`: the address that it came from. */
  readonly taken: (leg: IncomingLeg, caller: Accepted, from: string) => void;
}

interface Beginning {
  readonly call: IncomingCall;
  readonly caller: Accepted;
  readonly legId: string;
  readonly sound: LegSound;
  /** It is to take the place of this one. */
  readonly replaced: Leg | undefined;
}

export type Accepted = Extract<Caller, { kind: 'trunk' | 'extension' }>;

/** Calls that come in: whose they are, and whether they become legs. */
export class IncomingCalls {
  readonly #settings: IncomingSettings;

  constructor(settings: IncomingSettings) {
    this.#settings = settings;
  }

  /** Never rejects: what cannot be read is refused, and nothing is left of what fails. */
  async receive(call: IncomingCall): Promise<void> {
    try {
      await this.#receive(call);
    } catch (error) {
      const isUnread = error instanceof SipSyntaxError;
      if (!isUnread) console.error('A call could not be taken:', error);
      call.refuse(isUnread ? 400 : 500);
    }
  }

  async #receive(call: IncomingCall): Promise<void> {
    const { check, whyFull } = this.#settings;
    const caller = check.check(call.request, call.source.address);
    if (caller.kind === 'challenge')
      return call.refuse(407, { headers: { 'Proxy-Authenticate': caller.challenges } });
    if (caller.kind === 'stranger') return call.refuse(403);
    if (caller.kind === 'refused') return this.#refuse(call, caller, caller);
    const why = whyFull();
    if (why !== undefined) return this.#refuse(call, caller, { status: 503, why });
    return this.#take(call, caller);
  }

  #refuse(
    call: IncomingCall,
    caller: Exclude<Caller, { kind: 'challenge' | 'stranger' }>,
    { status, why }: { status: number; why: string },
  ): void {
    call.refuse(status, status === 503 ? { headers: { 'Retry-After': '30' } } : {});
    this.#settings.tell({
      ...{ type: 'refused', trunkId: trunkIdOf(caller), source: call.source.address, status, at: Date.now() },
      ...{ from: caller.numbers.from, to: caller.numbers.to, why },
    });
  }

  async #take(call: IncomingCall, caller: Accepted): Promise<void> {
    const legId = randomBytes(16).toString('hex');
    const release = this.#settings.reserve(caller.kind === 'trunk' ? caller.line : undefined);
    try {
      const sound = await this.#settings.engine.openLeg(legId).catch(() => undefined);
      if (!sound)
        return this.#refuse(call, caller, { status: 503, why: 'No port for its sound was to be had.' });
      if (call.isOver) return void sound.close();
      const replaced = call.replaces && this.#settings.findLeg(call.replaces);
      this.#begin({ call, caller, legId, sound, replaced });
    } finally {
      release();
    }
  }

  #begin({ call, caller, legId, sound, replaced }: Beginning): void {
    const { limits, timer, mediaAddress, taken, tell } = this.#settings;
    const trunk = caller.kind === 'trunk' ? caller.line.trunk : undefined;
    const address = mediaAddress ?? call.flow.local.address;
    const offers = soundOffer({ address, port: sound.port }, trunk ?? OWN_PHONES);
    let flows = false;
    sound.on('firstPacket', () => {
      flows = true;
    });
    try {
      const session = call.accept({
        ...{ sound: offers, timer, contactUser: 'parley', mediaFlows: () => flows },
        path: caller.kind === 'trunk' ? caller.line.path : {},
      });
      const symmetric = trunk?.symmetricRtp ?? true;
      const tones = trunk?.inbandKeys ?? false;
      const calledFrom = call.source.address;
      const leg = new Leg({ legId, session, sound, offers, symmetric, calledFrom, tones, limits });
      taken(new IncomingLeg(leg, session, tell), caller, calledFrom);
    } catch (error) {
      void sound.close();
      throw error;
    }
    this.#announce(legId, caller, replaced?.legId);
  }

  #announce(legId: string, caller: Accepted, replaces: string | undefined): void {
    const { from, fromName, to }: CallNumbers = caller.numbers;
    this.#settings.tell({
      ...{ type: 'incoming', legId, from, fromName, to, at: Date.now(), trunkId: trunkIdOf(caller) },
      extension: caller.kind === 'extension' ? caller.extension.extension : null,
      ...(replaces !== undefined && { replaces }),
    });
  }
}

function trunkIdOf(caller: Exclude<Caller, { kind: 'challenge' }>): string | null {
  if (caller.kind === 'trunk') return caller.line.trunk.trunkId;
  return caller.kind === 'refused' ? caller.trunkId : null;
}
