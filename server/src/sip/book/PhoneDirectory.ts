import type { DispatchRule, DispatchTarget, IncomingAnswer, Trunk } from '@parley/protocol';
import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import type { Config } from '../../config/schema.ts';
import type { Logger } from '../../observability/logger.ts';
import type {
  CallRoute,
  DialAsked,
  DialWay,
  IncomingCall,
  PhoneBook,
  PhoneSeat,
  PinAttempt,
  PinOutcome,
} from '../../room/phonePorts.ts';
import { newId } from '../../util/ids.ts';
import type { CallLimits, Reached } from './CallLimits.ts';
import type { DialGate } from './DialGate.ts';
import { findRule, fitsNumber } from './dispatch.ts';
import { EMERGENCY_NUMBERS } from './numbers.ts';
import type { PhoneEntries } from './PhoneEntries.ts';
import { phoneSettings } from './phoneSettings.ts';
import type { PinGuard } from './PinGuard.ts';
import type { Pins } from './Pins.ts';
import type { CallAsker } from './ports.ts';

export interface PhoneDirectoryOptions {
  config: Pick<Config, 'sip' | 'http'>;
  entries: PhoneEntries;
  pins: Pins;
  guard: PinGuard;
  limits: CallLimits;
  gate: DialGate;
  asker: CallAsker;
  rooms: { find(name: string): object | undefined };
  logger: Logger;
}

const BUSY = 486;
const LATER = 480;
const NOT_HERE = 404;
const FORBIDDEN = 403;

/** Decides where calls go, and which may be made. */
export class PhoneDirectory implements PhoneBook {
  readonly #options: PhoneDirectoryOptions;

  constructor(options: PhoneDirectoryOptions) {
    this.#options = options;
  }

  settings(): PhoneSettings | null {
    return phoneSettings(this.#options.config, this.#options.entries);
  }

  onChanged(told: () => void): () => void {
    return this.#options.entries.onChanged(told);
  }

  mayDial(asked: DialAsked): DialWay {
    return this.#options.gate.pass(asked);
  }

  whySpent(trunkId: string): string | undefined {
    const { entries, limits } = this.#options;
    const trunk = entries.findTrunk(trunkId)?.value;
    const reached = trunk && limits.minutesOf(trunk);
    return (
      reached && `The ${reached.max} minutes that the trunk ${trunkId} may be used in a day are used up.`
    );
  }

  async route(call: IncomingCall): Promise<CallRoute> {
    const route = this.#refusalOf(call) ?? (await this.#routeOf(call));
    if (route.kind === 'room') return this.#intoRoom(route, call.legId);
    return route;
  }

  checkPin(attempt: PinAttempt): Promise<PinOutcome> {
    return Promise.resolve(this.#checkPin(attempt));
  }

  legEnded(legId: string): void {
    this.#options.guard.legEnded(legId);
  }

  #checkPin({ digits, ...trier }: PinAttempt): PinOutcome {
    const { guard, pins, limits, logger } = this.#options;
    // Looked up in any case, so that being locked out takes as long as being wrong.
    const found = pins.find(digits);
    if (!guard.mayTry(trier)) return { kind: 'locked' };
    if (!found) {
      const triesLeft = guard.count(trier);
      logger.info({ legId: trier.legId, trunkId: trier.trunkId, triesLeft }, 'a wrong PIN was entered');
      return guard.isLocked(trier) ? { kind: 'locked' } : { kind: 'wrong', triesLeft };
    }
    const reached = limits.ofRoom(found.room, trier.legId);
    if (reached) return { kind: 'full', why: whyFull(reached) };
    const { identity = null, displayName = null, role = 'participant' } = found.holder ?? {};
    return { kind: 'accepted', room: found.room, identity, displayName, role };
  }

  /** Why a call goes nowhere, whatever rules say. */
  #refusalOf(call: IncomingCall): CallRoute | undefined {
    const { entries, limits } = this.#options;
    const reached = limits.inAll(call.legId);
    if (reached) return full(reached);
    if (call.extension !== null)
      return entries.findExtension(call.extension)
        ? undefined
        : reject(FORBIDDEN, `There is no extension ${call.extension} any more.`);
    const trunk = call.trunkId === null ? undefined : entries.findTrunk(call.trunkId)?.value;
    return trunk
      ? this.#refusalOn(trunk, call)
      : reject(FORBIDDEN, 'The call came from no trunk that is known.');
  }

  #refusalOn(trunk: Trunk, { to, legId }: IncomingCall): CallRoute | undefined {
    const { trunkId, enabled, inbound } = trunk;
    if (!enabled || !inbound) return reject(FORBIDDEN, `The trunk ${trunkId} takes no calls.`);
    if (!fitsNumber(inbound.numbers, to))
      return reject(
        NOT_HERE,
        `${to} is none of the numbers of the trunk ${trunkId}. Add it to inbound.numbers, or set the country of the trunk if it should have been read otherwise.`,
      );
    const reached = this.#options.limits.ofTrunk(trunk, legId);
    return reached && full(reached);
  }

  #routeOf(call: IncomingCall): Promise<CallRoute> {
    const { entries } = this.#options;
    const rules = entries.rules.map(({ value }) => value);
    if (call.extension === null) return this.#byRule(findRule(rules, call), call);
    // What an extension dials means first what it means to all, before a rule for whatever comes in.
    const exact = findRule(
      rules.filter(({ numbers }) => numbers.length > 0 && !numbers.includes('*')),
      call,
    );
    const own = this.#ownTarget(call);
    if (own?.kind === 'dial' && own.way.trunkId === null) return Promise.resolve(own);
    if (exact) return this.#byRule(exact, call);
    return own ? Promise.resolve(own) : this.#byRule(findRule(rules, call), call);
  }

  /** Another extension, a room by its name, or a number that is called by a trunk. */
  #ownTarget({ extension, to }: IncomingCall): CallRoute | undefined {
    const { entries, rooms, gate } = this.#options;
    const caller = entries.findExtension(extension ?? '')?.value;
    if (entries.findExtension(to))
      return { kind: 'dial', way: { trunkId: null, target: to, callerId: extension } };
    if (rooms.find(to)) {
      const { identity = null, displayName = '' } = caller ?? {};
      return { kind: 'room', room: to, identity, displayName: displayName || extension, role: 'participant' };
    }
    if (EMERGENCY_NUMBERS.has(to))
      return reject(
        FORBIDDEN,
        `${to} is an emergency number, which is never called from here. Use another telephone.`,
      );
    if (!/^\+?[0-9]{6,}$/.test(to)) return undefined;
    try {
      return { kind: 'dial', way: gate.pass({ room: null, target: to }) };
    } catch (error) {
      return reject(FORBIDDEN, error instanceof Error ? error.message : String(error));
    }
  }

  async #byRule(rule: DispatchRule | undefined, call: IncomingCall): Promise<CallRoute> {
    if (rule) return this.#byTarget(rule, rule.target, call);
    const { to } = call;
    if (this.#options.pins.length !== undefined) return this.#askPin(call);
    return reject(
      NOT_HERE,
      `No rule says where calls to ${to || 'an unknown number'} go, and no room has a PIN. Add a rule (sip.rules, or by REST), or let a host look up how to dial into a room.`,
    );
  }

  async #byTarget(rule: DispatchRule, target: DispatchTarget, call: IncomingCall): Promise<CallRoute> {
    switch (target.kind) {
      case 'room':
        return seat({ room: target.room, ...this.#callerOf(call) });
      case 'user':
        return { kind: 'user', identity: target.identity };
      case 'reject':
        return reject(target.status, `The rule ${rule.ruleId} rejects it.`);
      case 'pin':
        return this.#askPin(call);
      case 'webhook':
        return this.#askReceiver(rule.ruleId, target.url, call);
    }
  }

  #callerOf({ extension }: IncomingCall): Partial<PhoneSeat> {
    const caller = extension === null ? undefined : this.#options.entries.findExtension(extension)?.value;
    return caller ? { identity: caller.identity, displayName: caller.displayName || caller.extension } : {};
  }

  #askPin({ from, trunkId }: IncomingCall): CallRoute {
    const { guard, pins } = this.#options;
    const { length } = pins;
    if (length === undefined) return reject(NOT_HERE, 'A PIN would be asked for, and no room has one.');
    if (guard.isLocked({ from, trunkId }))
      return reject(LATER, 'Too many wrong PINs were entered within an hour. It has to wait.');
    return { kind: 'pin', length };
  }

  async #askReceiver(ruleId: string, url: string, call: IncomingCall): Promise<CallRoute> {
    const { legId: callId, trunkId, extension, from, fromName, to } = call;
    const result = await this.#options.asker.askAboutCall(url, {
      event: 'call_incoming',
      id: newId('EV'),
      createdAt: Math.floor(call.at / 1000),
      call: { callId, trunkId, extension, from, fromName, to },
    });
    if ('why' in result)
      return reject(LATER, `The receiver of the rule ${ruleId} could not decide: ${result.why}`);
    return this.#byAnswer(ruleId, result.answer, call);
  }

  #byAnswer(ruleId: string, { target }: IncomingAnswer, call: IncomingCall): CallRoute {
    switch (target.kind) {
      case 'room': {
        return seat({ ...this.#callerOf(call), ...target });
      }
      case 'user':
        return { kind: 'user', identity: target.identity };
      case 'pin':
        return this.#askPin(call);
      case 'reject':
        return reject(target.status ?? 603, target.why ?? `The receiver of the rule ${ruleId} rejects it.`);
    }
  }

  #intoRoom(route: CallRoute & { kind: 'room' }, legId: string): CallRoute {
    const reached = this.#options.limits.ofRoom(route.room, legId);
    return reached ? full(reached) : route;
  }
}

const seat = (given: Partial<PhoneSeat> & { room: string }): CallRoute => {
  const { room, identity = null, displayName = null, role = 'participant' } = given;
  return { kind: 'room', room, identity, displayName, role };
};

const reject = (status: number, why: string): CallRoute => ({ kind: 'reject', status, why });
const full = (reached: Reached): CallRoute => reject(BUSY, whyFull(reached));
const whyFull = ({ limit, max }: Reached): string =>
  `There are as many calls as there may be: ${limit} is ${max}.`;
