import type { Extension } from '@parley/protocol';
import { AddressList } from '../stack/admission/AddressList.ts';
import type { DigestAlgorithm } from '../stack/auth/digest.ts';
import { Registrar } from '../stack/registration/Registrar.ts';
import type { Destination } from './OutgoingCalls.ts';

/** Networks of one's own, where phones are unless the configuration says otherwise (RFC 1918, RFC 4193, RFC 4291, RFC 1122). */
const NEAR = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8'],
  ...['fc00::/7', 'fe80::/10', '::1/128'],
];

/** Phones that register with this server. */
export class Extensions {
  readonly registrar: Registrar;
  #all = new Map<string, Extension>();
  #networks = new AddressList([]);

  constructor(
    realm: string,
    {
      presence,
      wrongPassword,
      algorithms,
    }: {
      presence(extension: string, isThere: boolean): void;
      wrongPassword(extension: string, source: string): void;
      algorithms: readonly DigestAlgorithm[] | undefined;
    },
  ) {
    this.registrar = new Registrar({
      ...{ realm, algorithms },
      passwordOf: (name) => this.find(name)?.password,
      maxContacts: (name) => this.find(name)?.maxContacts,
    });
    this.registrar.on('presence', presence);
    this.registrar.on('wrongPassword', wrongPassword);
  }

  set(extensions: readonly Extension[], networks: readonly string[] = NEAR): void {
    this.#all = new Map(extensions.map((one) => [one.extension, one]));
    this.#networks = new AddressList(extensions.length > 0 ? networks : []);
  }

  find(name: string): Extension | undefined {
    return this.#all.get(name);
  }

  /** Whether phones may be at an address at all. */
  mayBeAt(address: string): boolean {
    return this.#networks.has(address);
  }

  /** Where calls to it go: to each phone that has registered, the last of them first. */
  destinationsOf(name: string): Destination[] {
    const bindings = this.#all.has(name) ? this.registrar.lookup(name) : [];
    return bindings.map(({ contact, flow }) => ({ target: contact, path: { flow } }));
  }

  close(): void {
    this.registrar.close();
  }
}
