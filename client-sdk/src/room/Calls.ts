import type { MethodParams, PhoneCall } from '@parley/protocol';
import type { Request } from './Request.ts';

export type DialOptions = Omit<MethodParams<'phone.dial'>, 'target'>;

/**
 * Phones that are in the room, or are called from it. Those who may call see all of them, others those they made; without
 * the permission `canDial` most methods reject with PERMISSION_DENIED.
 */
export class Calls {
  readonly #request: Request;
  #list: readonly PhoneCall[] | null = null;

  /** @internal */
  constructor(request: Request) {
    this.#request = request;
  }

  /** Whether the server has anything to call with. */
  get isAvailable(): boolean {
    return this.#list !== null;
  }

  /** Calls that have not ended, in the order in which they began. */
  get list(): readonly PhoneCall[] {
    return this.#list ?? [];
  }

  /** The call by which somebody is in the room; undefined for those who are not by phone, and where one may not see it. */
  findByParticipant(participantId: string): PhoneCall | undefined {
    return this.list.find((call) => call.participantId === participantId);
  }

  /**
   * Calls a number, an extension or a SIP URI into the place one is in; with `participantId`, as the sound of somebody who is
   * there, such as oneself. Gives the callId; what becomes of the call is told by the event `callChanged`. Rejects with
   * PHONES_OFF, PHONE_NUMBER_INVALID, PHONE_NUMBER_REFUSED, PHONE_LIMIT_REACHED.
   */
  async dial(target: string, options: DialOptions = {}): Promise<string> {
    const { callId } = await this.#request('phone.dial', { target, ...options });
    return callId;
  }

  /** Cancels a call that was not answered yet, or ends one. Rejects with CALL_NOT_FOUND. */
  async cancel(callId: string): Promise<void> {
    await this.#request('phone.cancel', { callId });
  }

  /** Presses keys; `,` waits 0.5 s. Rejects with CALL_NOT_FOUND, and with WRONG_STATE before the answer. */
  async sendDigits(callId: string, digits: string): Promise<void> {
    await this.#request('phone.sendDigits', { callId, digits });
  }

  /** Hands a call over to a number, or to the other end of another call. Rejects with CALL_NOT_FOUND, WRONG_STATE, PHONE_NUMBER_REFUSED. */
  async transfer(callId: string, to: { target: string } | { callId: string }): Promise<void> {
    await this.#request('phone.transfer', {
      callId,
      ...('target' in to ? { target: to.target } : { toCallId: to.callId }),
    });
  }

  /** @internal */
  setList(list: readonly PhoneCall[] | null): void {
    this.#list = list;
  }
}
