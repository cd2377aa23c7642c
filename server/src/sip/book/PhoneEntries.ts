import {
  DispatchRule,
  Extension,
  ParleyError,
  Trunk,
  type ExtensionBody,
  type RuleBody,
  type TrunkBody,
} from '@parley/protocol';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../../config/schema.ts';
import { extensionProblems, ruleProblems, trunkProblems } from '../../config/sipProblems.ts';
import type { Logger } from '../../observability/logger.ts';
import type { PhoneVault } from './PhoneVault.ts';
import type { EntryKind, PhoneEntryStore } from './ports.ts';
import { withPasswords } from './trunkPasswords.ts';

export interface PhoneEntriesOptions {
  config: Pick<Config['sip'], 'trunks' | 'rules' | 'extensions'>;
  store: PhoneEntryStore;
  vault: PhoneVault;
  logger: Logger;
}

export interface Entry<T> {
  value: T;
  /** It stands in the configuration. */
  fixed: boolean;
}
/** How a kind of entries is read from the store. */
interface Kept<T extends TSchema> {
  kind: EntryKind;
  schema: T;
  /** Nothing where it was sealed with another key. */
  open(value: Static<T>): Static<T> | undefined;
}
type Fault = [member: string, fault: string];

const MAX_ENTRIES = 1000;

/** Trunks, rules and extensions: those of the configuration, which stay, and those that were made by REST. */
export class PhoneEntries {
  readonly #options: PhoneEntriesOptions;
  readonly #trunks = new Map<string, Entry<Trunk>>();
  readonly #rules = new Map<string, Entry<DispatchRule>>();
  readonly #extensions = new Map<string, Entry<Extension>>();
  readonly #listeners = new Set<() => void>();

  constructor(options: PhoneEntriesOptions) {
    this.#options = options;
    const { config, vault } = options;
    this.#load({ kind: 'trunk', schema: Trunk, open: (trunk) => unsealed(trunk, vault) }, this.#trunks);
    this.#load({ kind: 'rule', schema: DispatchRule, open: (rule) => rule }, this.#rules);
    const open = (sealed: Extension): Extension | undefined => {
      const password = vault.unseal(sealed.password, `extension ${sealed.extension}`);
      return password === undefined ? undefined : { ...sealed, password };
    };
    this.#load({ kind: 'extension', schema: Extension, open }, this.#extensions);
    for (const value of config.trunks) this.#trunks.set(value.trunkId, { value, fixed: true });
    for (const value of config.rules) this.#rules.set(value.ruleId, { value, fixed: true });
    for (const value of config.extensions) this.#extensions.set(value.extension, { value, fixed: true });
  }

  get trunks(): Entry<Trunk>[] {
    return [...this.#trunks.values()];
  }
  get rules(): Entry<DispatchRule>[] {
    return [...this.#rules.values()];
  }
  get extensions(): Entry<Extension>[] {
    return [...this.#extensions.values()];
  }

  findTrunk(trunkId: string): Entry<Trunk> | undefined {
    return this.#trunks.get(trunkId);
  }
  findRule(ruleId: string): Entry<DispatchRule> | undefined {
    return this.#rules.get(ruleId);
  }
  findExtension(extension: string): Entry<Extension> | undefined {
    return this.#extensions.get(extension);
  }

  /** Makes it, or puts it in the place of the present one. Gives whether it is new. Throws INVALID_PARAMS, WRONG_STATE, LIMIT_REACHED. */
  putTrunk(trunkId: string, body: TrunkBody): boolean {
    const present = this.#assertFree(this.#trunks, trunkId)?.value;
    const trunk = shaped(Trunk, withFormerPasswords({ ...body, trunkId }, present), trunkProblems);
    const { vault } = this.#options;
    const sealed = withPasswords(trunk, (password, place) =>
      vault.seal(password, `trunk ${trunkId} ${place}`),
    );
    this.#save('trunk', trunkId, sealed ?? trunk);
    this.#trunks.set(trunkId, { value: trunk, fixed: false });
    return this.#changed('trunk', trunkId, present === undefined);
  }

  /** As `putTrunk`. */
  putRule(ruleId: string, body: RuleBody): boolean {
    const present = this.#assertFree(this.#rules, ruleId);
    const rule = shaped(DispatchRule, { ...body, ruleId }, ruleProblems);
    this.#save('rule', ruleId, rule);
    this.#rules.set(ruleId, { value: rule, fixed: false });
    return this.#changed('rule', ruleId, present === undefined);
  }

  /** As `putTrunk`. */
  putExtension(extension: string, body: ExtensionBody): boolean {
    const present = this.#assertFree(this.#extensions, extension)?.value;
    const { password = present?.password } = body;
    if (password === undefined) throw invalid([['password', 'is needed']]);
    const made = shaped(Extension, { ...body, extension, password }, extensionProblems);
    const sealed = this.#options.vault.seal(password, `extension ${extension}`);
    this.#save('extension', extension, { ...made, password: sealed });
    this.#extensions.set(extension, { value: made, fixed: false });
    return this.#changed('extension', extension, present === undefined);
  }

  /** Throws TRUNK_NOT_FOUND, WRONG_STATE. */
  deleteTrunk(trunkId: string): void {
    if (!this.#trunks.has(trunkId)) throw new ParleyError('TRUNK_NOT_FOUND');
    this.#delete('trunk', trunkId, this.#trunks);
  }

  /** Throws RULE_NOT_FOUND, WRONG_STATE. */
  deleteRule(ruleId: string): void {
    if (!this.#rules.has(ruleId)) throw new ParleyError('RULE_NOT_FOUND');
    this.#delete('rule', ruleId, this.#rules);
  }

  /** Throws EXTENSION_NOT_FOUND, WRONG_STATE. */
  deleteExtension(extension: string): void {
    if (!this.#extensions.has(extension)) throw new ParleyError('EXTENSION_NOT_FOUND');
    this.#delete('extension', extension, this.#extensions);
  }

  /** Called whenever something here has changed; gives what ends that. */
  onChanged(told: () => void): () => void {
    this.#listeners.add(told);
    return () => void this.#listeners.delete(told);
  }

  /** What cannot be read any more is left out, and an operator is told: the server runs without it. */
  #load<T extends TSchema>({ kind, schema, open }: Kept<T>, into: Map<string, Entry<Static<T>>>): void {
    for (const [id, raw] of this.#options.store.load(kind)) {
      const value: unknown = Value.Default(schema, raw);
      const opened = Value.Check(schema, value) ? open(value) : undefined;
      if (opened !== undefined) into.set(id, { value: opened, fixed: false });
      else
        this.#options.logger.error(
          { kind, id },
          'an entry of phones cannot be read: it was encrypted with another key, or is damaged. Make it anew by REST',
        );
    }
  }

  #assertFree<T>(entries: Map<string, Entry<T>>, id: string): Entry<T> | undefined {
    const present = entries.get(id);
    if (present?.fixed) throw fixed(id);
    if (!present && entries.size >= MAX_ENTRIES)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'phone entries', max: MAX_ENTRIES } });
    return present;
  }

  #save(kind: EntryKind, id: string, value: object): void {
    this.#options.store.save(kind, id, value);
  }

  #delete<T>(kind: EntryKind, id: string, entries: Map<string, Entry<T>>): void {
    if (entries.get(id)?.fixed) throw fixed(id);
    this.#options.store.delete(kind, id);
    entries.delete(id);
    this.#changed(kind, id, false);
  }

  #changed(kind: EntryKind, id: string, isNew: boolean): boolean {
    this.#options.logger.info({ kind, id, isNew }, 'an entry of phones was changed');
    for (const told of this.#listeners) told();
    return isNew;
  }
}

const unsealed = (trunk: Trunk, vault: PhoneVault): Trunk | undefined =>
  withPasswords(trunk, (sealed, place) => vault.unseal(sealed, `trunk ${trunk.trunkId} ${place}`));

/** A password that is left away is the one that was there for this name. */
function withFormerPasswords(body: TrunkBody & { trunkId: string }, present: Trunk | undefined): object {
  const filled = structuredClone(body);
  for (const place of ['inbound', 'outbound', 'registration'] as const) {
    const auth = filled[place]?.auth;
    if (!auth || auth.password !== undefined) continue;
    const former = present?.[place]?.auth;
    if (!former || former.username !== auth.username)
      throw invalid([[`${place}.auth.password`, 'is needed']]);
    auth.password = former.password;
  }
  return filled;
}

/** With all defaults. Throws INVALID_PARAMS. */
function shaped<T extends TSchema>(
  schema: T,
  raw: object,
  problemsOf: (value: Static<T>) => Fault[],
): Static<T> {
  const value: unknown = Value.Default(schema, structuredClone(raw));
  if (!Value.Check(schema, value))
    throw invalid(
      Value.Errors(schema, value).map(({ instancePath, message }) => [instancePath.slice(1), message]),
    );
  const problems = problemsOf(value);
  if (problems.length > 0) throw invalid(problems);
  return value;
}

const invalid = (faults: Fault[]): ParleyError =>
  new ParleyError('INVALID_PARAMS', {
    details: { faults: faults.map(([member, fault]) => `${member.replaceAll('/', '.')} ${fault}`) },
  });

const fixed = (id: string): ParleyError =>
  new ParleyError('WRONG_STATE', {
    message: `${id} stands in the configuration (section sip). Change it there, and start the server anew.`,
  });
