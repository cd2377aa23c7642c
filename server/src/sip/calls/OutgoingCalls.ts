import type { PhoneCommand, PhoneEvent } from '@parley/protocol/phoneProcess';
import type { LegSound, SoundEngine } from '../audio/engine.ts';
import type { Path } from '../stack/agent/Path.ts';
import { parseUri, type Uri } from '../stack/message/uri.ts';
import type { InviteOptions, Party } from '../stack/session/inviteRequest.ts';
import type { OutgoingSession } from '../stack/session/OutgoingSession.ts';
import type { Replaces } from '../stack/session/referHeaders.ts';
import type { TimerSettings } from '../stack/session/timerSettings.ts';
import type { Network } from '../stack/transport/Network.ts';
import { Leg, type LegLimits, type LegParts } from './Leg.ts';
import { RingingGroup, type RingingPhone } from './RingingGroup.ts';
import { OWN_PHONES, soundOffer } from './soundOffer.ts';
import type { TrunkLine } from './TrunkLine.ts';
import { sipUri } from './TrunkLine.ts';

export type Dial = Extract<PhoneCommand, { type: 'dial' }>;

/** One way to a phone: a contact that has registered, or a trunk. */
export interface Destination {
  readonly target: Uri;
  readonly path: Path;
}

export interface OutgoingSettings {
  readonly agent: { invite: (options: InviteOptions) => OutgoingSession; readonly network: Network };
  readonly engine: SoundEngine;
  readonly mediaAddress: string | null;
  readonly domain: string;
  readonly limits: LegLimits;
  readonly timer: TimerSettings;
  readonly tell: (event: PhoneEvent) => void;
  /** See Legs. */
  readonly reserve: (line: TrunkLine | undefined) => () => void;
  readonly findTrunk: (trunkId: string) => TrunkLine | undefined;
  /** Where the phones of an extension are; empty where none has registered. */
  readonly findExtension: (extension: string) => Destination[];
}

export interface MadeCall {
  readonly leg: Leg;
  readonly line: TrunkLine | undefined;
}

interface Beginning {
  readonly wish: Dial;
  readonly line: TrunkLine | undefined;
  readonly sound: LegSound;
  readonly destinations: readonly Destination[];
  /** Of this machine, towards each of them. */
  readonly addresses: readonly string[];
  readonly replaces: Replaces | undefined;
}

/** Why a call cannot even be tried. */
export class CannotDial extends Error {
  override readonly name = 'CannotDial';
}

/** Calls that are made. */
export class OutgoingCalls {
  readonly #settings: OutgoingSettings;

  constructor(settings: OutgoingSettings) {
    this.#settings = settings;
  }

  /**
   * Begins to call, and hands the leg to `begun` before anything of it can have happened. `replaces`: the call of somebody else that this one takes
   * the place of. Rejects with CannotDial.
   */
  async dial(wish: Dial, begun: (made: MadeCall) => void, replaces?: Replaces): Promise<void> {
    const line = this.#lineOf(wish);
    const release = this.#settings.reserve(line);
    try {
      const destinations = this.#destinationsOf(wish, line);
      const addresses = await Promise.all(destinations.map((one) => this.#addressTowards(one)));
      const sound = await this.#settings.engine.openLeg(wish.legId).catch(() => {
        throw new CannotDial('All ports for the sound of phones are in use.');
      });
      begun({ line, leg: this.#begin({ wish, line, sound, destinations, addresses, replaces }) });
    } finally {
      release();
    }
  }

  #begin({ wish, line, sound, destinations, addresses, replaces }: Beginning): Leg {
    const { limits, timer, agent } = this.#settings;
    const phones = destinations.map(({ target, path }, index): RingingPhone => {
      const address = addresses[index] ?? '';
      const offers = soundOffer({ address, port: sound.port }, line?.trunk ?? OWN_PHONES);
      const session = agent.invite({
        ...{ target, path, timer, replaces, sound: offers },
        reliable: line?.trunk.outbound?.reliable === true ? 'supported' : 'off',
        ...{ from: this.#partyOf(wish, line), ringMs: wish.ringSeconds * 1000 },
        headers: line?.headersOf(wish.callerId),
      });
      return { session, offers };
    });
    const symmetric = line?.trunk.symmetricRtp ?? true;
    const tones = line?.trunk.inbandKeys ?? false;
    const leg = new Leg({ legId: wish.legId, sound, symmetric, tones, limits, ...asOne(phones) });
    this.#follow(leg, wish);
    return leg;
  }

  #lineOf({ trunkId }: Dial): TrunkLine | undefined {
    if (trunkId === null) return undefined;
    const line = this.#settings.findTrunk(trunkId);
    if (!line) throw new CannotDial(`There is no trunk ${trunkId} any more.`);
    if (line.isFull)
      throw new CannotDial('All lines of the trunk are in use. Try again when a call has ended.');
    return line;
  }

  /** At least one. */
  #destinationsOf({ target }: Dial, line: TrunkLine | undefined): Destination[] {
    if (line) return [{ target: line.uriOf(target), path: line.path }];
    if (/^sips?:/i.test(target)) return [{ target: parseUri(target), path: {} }];
    const found = this.#settings.findExtension(target);
    if (found.length === 0) throw new CannotDial(`No phone has registered as ${target} at present.`);
    return found;
  }

  #partyOf({ callerId, displayName }: Dial, line: TrunkLine | undefined): Party {
    const { domain } = this.#settings;
    const uri = line ? line.identityOf(callerId) : sipUri(callerId ?? 'parley', domain);
    return { displayName, uri };
  }

  /** The address of this machine that the other side can reach. */
  async #addressTowards({ target, path }: Destination): Promise<string> {
    const { mediaAddress } = this.#settings;
    if (mediaAddress !== null) return mediaAddress;
    if (path.flow && !path.flow.closed) return path.flow.local.address;
    const { network } = this.#settings.agent;
    const [first] = await network.locate(path.proxy ?? target, path.transport);
    if (!first) throw new CannotDial('The address of the trunk cannot be found.');
    const { transport } = first;
    // No connection for that alone: the UDP socket knows the same.
    const flow = await network
      .flowTo({ ...first, transport: 'UDP' })
      .catch(() => network.flowTo({ ...first, transport }, path.tls));
    return flow.local.address;
  }

  #follow(leg: Leg, { legId, digits }: Dial): void {
    const { tell } = this.#settings;
    let isEarly = false;
    leg.session.on('ringing', () => tell({ type: 'progress', legId, state: 'ringing' }));
    leg.session.on('progress', () => {
      if (isEarly) return;
      isEarly = true;
      tell({ type: 'progress', legId, state: 'earlyMedia' });
    });
    leg.once('established', () => {
      tell({ type: 'answered', legId, at: Date.now(), codec: leg.codec });
      if (digits !== '') void leg.sendDigits(digits).catch(() => undefined);
    });
  }
}

function asOne(phones: readonly RingingPhone[]): Pick<LegParts, 'session' | 'offers'> {
  const [first, ...others] = phones;
  if (first && others.length === 0) return first;
  const group = new RingingGroup(phones);
  return { session: group, offers: group };
}
