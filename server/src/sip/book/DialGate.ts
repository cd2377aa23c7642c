import { ParleyError, type Trunk } from '@parley/protocol';
import type { Config } from '../../config/schema.ts';
import type { DialAsked, DialWay } from '../../room/phonePorts.ts';
import type { CallLimits, Reached } from './CallLimits.ts';
import { readParty, whyNotCalled } from './numbers.ts';
import type { PhoneEntries } from './PhoneEntries.ts';
import { arePhonesOn } from './phoneSettings.ts';

export interface DialGateOptions {
  config: Pick<Config['sip'], 'enabled' | 'dialHosts' | 'domain'>;
  entries: PhoneEntries;
  limits: CallLimits;
}

/** User and host of an address that may be called; no parameters, but how it is to be sent. */
const URI =
  /^(sips?):([A-Za-z0-9_.!~*'()&=+$,%-]{1,64})@([A-Za-z0-9.-]{1,253})(:\d{1,5})?(;transport=(?:udp|tcp|tls))?$/i;

/** Decides what may be called, and by which trunk. */
export class DialGate {
  readonly #options: DialGateOptions;

  constructor(options: DialGateOptions) {
    this.#options = options;
  }

  /** Throws PHONE_NUMBER_INVALID, PHONE_NUMBER_REFUSED, PHONE_LIMIT_REACHED, PHONES_OFF. */
  pass({ room, target, present = 0 }: Pick<DialAsked, 'room' | 'target' | 'present'>): DialWay {
    const { config, entries, limits } = this.#options;
    if (!arePhonesOn(config, entries)) throw new ParleyError('PHONES_OFF');
    const reached =
      limits.ofPerson(present) ?? limits.inAll() ?? (room === null ? undefined : limits.ofRoom(room));
    if (reached) throw limited(reached);
    const wanted = target.trim();
    const extension = this.#extensionIn(wanted);
    if (extension !== undefined) return { trunkId: null, target: extension, callerId: null };
    if (/^sips?:/i.test(wanted)) return this.#address(wanted);
    return this.#number(wanted);
  }

  #extensionIn(target: string): string | undefined {
    const [, , user, host] = URI.exec(target) ?? [];
    const isOurs = host?.toLowerCase() === this.#options.config.domain.toLowerCase();
    const name = isOurs ? user : target;
    return name !== undefined && this.#options.entries.findExtension(name) ? name : undefined;
  }

  /** At a trunk, by that trunk, as a number, within its limits; anything else only where its host was allowed. */
  #address(target: string): DialWay {
    const [, scheme = '', user = '', host = '', port = '', transport = ''] = URI.exec(target) ?? [];
    if (user === '' || !isPort(port)) throw new ParleyError('PHONE_NUMBER_INVALID');
    const place = `${host}${port}`.toLowerCase();
    const trunks = this.#trunks.filter(({ outbound }) =>
      [outbound?.address, outbound?.fromDomain].some(
        (known) => known && hostIn(known) === host.toLowerCase(),
      ),
    );
    const isNumber = trunks.some(({ country }) => readParty(user, country).kind === 'number');
    if (isNumber) return this.#number(user, trunks);
    const { dialHosts } = this.#options.config;
    const isAllowed = dialHosts.some((allowed) =>
      ['*', place, host.toLowerCase()].includes(allowed.toLowerCase()),
    );
    if (isAllowed) {
      const address = `${scheme.toLowerCase()}:${user}@${place}${transport.toLowerCase()}`;
      return { trunkId: null, target: address, callerId: null };
    }
    throw new ParleyError('PHONE_NUMBER_REFUSED', {
      message: `SIP addresses at ${host} may not be called. The operator can allow it (sip.dialHosts).`,
    });
  }

  /** By the trunk whose prefix names the number most exactly; where that is busy, by the next. */
  #number(target: string, trunks: Trunk[] = this.#trunks): DialWay {
    if (this.#trunks.length === 0) throw new ParleyError('PHONES_OFF');
    const ways = trunks.flatMap((trunk) => {
      const party = readParty(target, trunk.country);
      return party.kind === 'number'
        ? [{ trunk, e164: party.e164, prefix: prefixOf(trunk, party.e164) }]
        : [];
    });
    if (ways.length === 0) throw new ParleyError('PHONE_NUMBER_INVALID');
    let refused: ParleyError | undefined;
    for (const { trunk, e164 } of ways.toSorted((a, b) => b.prefix - a.prefix)) {
      const why = whyNotCalled(e164, trunk.outbound?.prefixes ?? []);
      const reached = this.#options.limits.ofTrunk(trunk) ?? this.#options.limits.minutesOf(trunk);
      const { callerId = null } = trunk.outbound ?? {};
      if (why === undefined && !reached) return { trunkId: trunk.trunkId, target: e164, callerId };
      // That there is no line now says more than that another trunk never would.
      if (why === undefined && reached) refused = limited(reached);
      else
        refused ??= new ParleyError('PHONE_NUMBER_REFUSED', { message: `${e164} cannot be called. ${why}` });
    }
    throw refused ?? new ParleyError('PHONE_NUMBER_REFUSED');
  }

  get #trunks(): Trunk[] {
    return this.#options.entries.trunks
      .map(({ value }) => value)
      .filter(({ enabled, outbound }) => enabled && outbound !== null);
  }
}

const hostIn = (address: string): string => address.replace(/:\d+$/, '').toLowerCase();

/** Length of the longest prefix that fits. */
const prefixOf = ({ outbound }: Trunk, e164: string): number =>
  Math.max(
    -1,
    ...(outbound?.prefixes ?? []).filter((prefix) => e164.startsWith(prefix)).map(({ length }) => length),
  );

const limited = ({ limit, max }: Reached): ParleyError =>
  new ParleyError('PHONE_LIMIT_REACHED', { details: { limit, max } });

/** `:5060`, or none. */
function isPort(text: string): boolean {
  const port = Number(text.slice(1));
  return text === '' || (port > 0 && port < 65_536);
}
