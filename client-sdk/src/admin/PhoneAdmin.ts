import type {
  CallQuery,
  CallRecord,
  ExtensionBody,
  ExtensionInfo,
  RefusedCall,
  RuleBody,
  RuleInfo,
  TrunkBody,
  TrunkInfo,
} from '@parley/protocol';
import { pathOf, RestClient, type Access, type Page, type PageRequest } from './RestClient.ts';

/** Which calls are asked for. */
export type CallFilter = Omit<CallQuery, 'limit' | 'cursor'>;

/**
 * Phones of a server, for those who run it: trunks, where calls go, extensions, and what is known of calls. Each method rejects
 * with ParleyError; PERMISSION_DENIED for those who do not run all rooms. What stands in the configuration rejects changes with
 * WRONG_STATE.
 */
export class PhoneAdmin {
  readonly #rest: RestClient;

  /** `serverUrl` is the web address of the server. */
  constructor(serverUrl: string, access: Access = {}) {
    this.#rest = new RestClient(serverUrl, access);
  }

  /** With how each is doing. */
  listTrunks(page: PageRequest = {}): Promise<Page<TrunkInfo>> {
    return this.#rest.get('/trunks', { ...page });
  }

  /** Makes or replaces it; what is left away has its default. INVALID_PARAMS says where. */
  putTrunk(trunkId: string, trunk: TrunkBody): Promise<TrunkInfo> {
    return this.#rest.send('PUT', pathOf('trunks', trunkId), trunk);
  }

  /** Its calls end. TRUNK_NOT_FOUND. */
  deleteTrunk(trunkId: string): Promise<void> {
    return this.#rest.order('DELETE', pathOf('trunks', trunkId));
  }

  listRules(page: PageRequest = {}): Promise<Page<RuleInfo>> {
    return this.#rest.get('/dispatch-rules', { ...page });
  }

  putRule(ruleId: string, rule: RuleBody): Promise<RuleInfo> {
    return this.#rest.send('PUT', pathOf('dispatch-rules', ruleId), rule);
  }

  /** RULE_NOT_FOUND. */
  deleteRule(ruleId: string): Promise<void> {
    return this.#rest.order('DELETE', pathOf('dispatch-rules', ruleId));
  }

  listExtensions(page: PageRequest = {}): Promise<Page<ExtensionInfo>> {
    return this.#rest.get('/extensions', { ...page });
  }

  /** A password may be left away for one that is there. */
  putExtension(extension: string, body: ExtensionBody): Promise<ExtensionInfo> {
    return this.#rest.send('PUT', pathOf('extensions', extension), body);
  }

  /** EXTENSION_NOT_FOUND. */
  deleteExtension(extension: string): Promise<void> {
    return this.#rest.order('DELETE', pathOf('extensions', extension));
  }

  /** Newest first. */
  listCalls(asked: CallFilter & PageRequest = {}): Promise<Page<CallRecord>> {
    return this.#rest.get('/calls', asTexts(asked));
  }

  /** Where they can be saved from as a table; as a link in a page it works for who is signed in. */
  callsTableUrl(filter: CallFilter = {}): string {
    const url = this.#rest.url('/calls.csv');
    for (const [name, value] of Object.entries(asTexts(filter))) url.searchParams.set(name, value);
    return url.href;
  }

  /** Calls that never became one, and why; newest first. */
  listRefusedCalls(page: PageRequest = {}): Promise<Page<RefusedCall>> {
    return this.#rest.get('/calls/refused', { ...page });
  }
}

function asTexts(asked: object): Record<string, string> {
  const known = Object.entries(asked).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
