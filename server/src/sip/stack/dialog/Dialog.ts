import { Headers } from '../message/Headers.ts';
import {
  parseNameAddress,
  parseNameAddresses,
  writeNameAddress,
  type NameAddress,
} from '../message/NameAddress.ts';
import {
  NO_BODY,
  cseqOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../message/SipMessage.ts';
import { isSip, parseUri, writeUri, type Uri } from '../message/uri.ts';

/** What a request within a dialog carries beside what the dialog puts there. */
export interface Content {
  readonly headers?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: Buffer;
}

interface State {
  callId: string;
  /** Ours, with our tag. */
  local: NameAddress;
  /** The peer's, with theirs; its tag is missing where the peer follows RFC 2543. */
  remote: NameAddress;
  target: Uri;
  routes: NameAddress[];
  localSequence: number;
  remoteSequence: number | undefined;
}

/** A dialog (RFC 3261, section 12): what requests within it look like, and which of the peer's are in order. */
export class Dialog {
  readonly #state: State;

  /** Of a request of ours and an answer with a To tag, provisional or not. Throws SipSyntaxError. */
  static ofAnswer(request: SipRequest, response: SipResponse): Dialog {
    return new Dialog({
      callId: request.headers.get('call-id') ?? '',
      local: addressOf(request, 'from'),
      remote: addressOf(response, 'to'),
      target: targetOf(response) ?? parseUri(request.uri),
      // RFC 3261, section 12.1.2: from the far end.
      routes: routesOf(response).reverse(),
      localSequence: cseqOf(request).sequence,
      remoteSequence: undefined,
    });
  }

  /** Of a request of a peer that is answered with this tag. Throws SipSyntaxError. */
  static ofRequest(request: SipRequest, tag: string): Dialog {
    const to = addressOf(request, 'to');
    return new Dialog({
      callId: request.headers.get('call-id') ?? '',
      local: { ...to, params: new Map([...to.params, ['tag', tag]]) },
      remote: addressOf(request, 'from'),
      target: targetOf(request) ?? addressOf(request, 'from').uri,
      routes: routesOf(request),
      localSequence: 0,
      remoteSequence: cseqOf(request).sequence,
    });
  }

  private constructor(state: State) {
    this.#state = state;
  }

  /** What tells it from every other. */
  get id(): string {
    const { callId, local, remote } = this.#state;
    return dialogId(callId, local.params.get('tag'), remote.params.get('tag'));
  }

  get callId(): string {
    return this.#state.callId;
  }

  get localTag(): string {
    return this.#state.local.params.get('tag') ?? '';
  }

  get remoteTag(): string {
    return this.#state.remote.params.get('tag') ?? '';
  }

  /** The peer, with the name it gave. */
  get remote(): NameAddress {
    return this.#state.remote;
  }

  /** This side, as the peer knows it. */
  get local(): NameAddress {
    return this.#state.local;
  }

  /** The Contact of the peer. */
  get target(): Uri {
    return this.#state.target;
  }

  /** Where requests within it are sent: to the first proxy that wants to see them, or to the peer itself. */
  get nextHop(): Uri {
    const { routes, target } = this.#state;
    return routes[0]?.uri ?? target;
  }

  /** The next request within it, without Via. */
  next(method: string, content: Content = {}): SipRequest {
    return this.#request(method, this.nextSequence(), content);
  }

  /** For a request that is sent once more, changed. */
  nextSequence(): number {
    this.#state.localSequence += 1;
    return this.#state.localSequence;
  }

  /** The ACK to a 2xx: its number is that of the INVITE (RFC 3261, section 13.2.2.4). */
  ack(sequence: number, content: Content = {}): SipRequest {
    return this.#request('ACK', sequence, content);
  }

  /** Whether a request of the peer is in order; one that comes late is answered with 500 (RFC 3261, section 12.2.2). */
  takes(request: SipRequest): boolean {
    const { sequence } = cseqOf(request);
    const { remoteSequence } = this.#state;
    if (request.method !== 'ACK' && remoteSequence !== undefined && sequence <= remoteSequence) return false;
    if (request.method !== 'ACK') this.#state.remoteSequence = sequence;
    return true;
  }

  /** The 2xx to the INVITE of an early dialog: its route counts from now on (RFC 3261, section 13.2.2.4). */
  confirm(response: SipResponse): void {
    this.#state.routes = routesOf(response).reverse();
    this.refreshTarget(response);
  }

  /** The peer is somewhere else now: INVITE and UPDATE, and their answers, say where. */
  refreshTarget(message: SipMessage): void {
    this.#state.target = targetOf(message) ?? this.#state.target;
  }

  #request(method: string, sequence: number, { headers = {}, body = NO_BODY }: Content): SipRequest {
    const { callId, local, remote, target, routes } = this.#state;
    const [first] = routes;
    const isLoose = !first || (isSip(first.uri) && first.uri.params.has('lr'));
    // RFC 3261, section 12.2.1.1: a strict router wants to be named in the request line, and the peer last.
    const uri = isLoose ? target : first.uri;
    const path = isLoose ? routes : [...routes.slice(1), { displayName: '', uri: target, params: new Map() }];
    return {
      ...{ kind: 'request', method, uri: writeUri(uri), body },
      headers: Headers.of({
        Route: path.map(writeNameAddress),
        'Max-Forwards': 70,
        From: writeNameAddress(local),
        To: writeNameAddress(remote),
        'Call-ID': callId,
        CSeq: `${sequence} ${method}`,
        ...headers,
      }),
    };
  }
}

/** What tells a dialog from every other, as this side sees it. */
export const dialogId = (callId: string, localTag = '', remoteTag = ''): string =>
  [callId, localTag, remoteTag].join(' ');

/** The dialog that a request of a peer means. Throws SipSyntaxError. */
export function dialogIdOf(request: SipRequest): string {
  const tagOf = (name: 'from' | 'to') => addressOf(request, name).params.get('tag');
  return dialogId(request.headers.get('call-id') ?? '', tagOf('to'), tagOf('from'));
}

const addressOf = ({ headers }: SipMessage, name: 'from' | 'to'): NameAddress =>
  parseNameAddress(headers.get(name) ?? '');

const routesOf = ({ headers }: SipMessage): NameAddress[] =>
  headers.all('record-route').flatMap(parseNameAddresses);

function targetOf({ headers }: SipMessage): Uri | undefined {
  const contact = headers.get('contact');
  return contact === undefined || contact.trim() === '*' ? undefined : parseNameAddresses(contact)[0]?.uri;
}
