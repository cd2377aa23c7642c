import { ParleyError, type MethodParams, type PhoneCall } from '@parley/protocol';
import { mayActOn } from '../auth/permissions.ts';
import { personOf, type Person } from './actors.ts';
import type { Participant } from './Participant.ts';
import type { CallingRoom, Dialer } from './phonePorts.ts';
import type { Actor, RoomCore } from './RoomCore.ts';

/** What is asked for: by somebody in the room, or by REST. */
type DialParams = MethodParams<'phone.dial'> & { breakoutId: string | null };

const SERVER: Person = { identity: 'server', displayName: 'The server' };

/** Calls of a room: who may make them, and who is told of them. The calling itself is done elsewhere. */
export class Calls implements CallingRoom {
  readonly #room: RoomCore;
  readonly #dialer: Dialer;

  constructor(room: RoomCore, dialer: Dialer) {
    this.#room = room;
    this.#dialer = dialer;
  }

  get roomId(): string {
    return this.#room.roomId;
  }

  get name(): string {
    return this.#room.name;
  }

  get meetingId(): string | null {
    return this.#room.meetingId;
  }

  /** As hosts see them. */
  get all(): PhoneCall[] {
    return this.#dialer.callsOf(this.#room.roomId);
  }

  /** Those who may call see all calls, others their own; null where nothing can be called. */
  stateFor(participant: Participant): PhoneCall[] | null {
    if (!this.#dialer.isOn) return null;
    return this.all.filter((call) => maySee(participant, call));
  }

  /** Throws PERMISSION_DENIED. */
  assertMayDial({ permissions }: Participant): void {
    if (!permissions.canDial) throw new ParleyError('PERMISSION_DENIED');
  }

  /** Throws PARTICIPANT_NOT_FOUND, PERMISSION_DENIED, WRONG_STATE, and what `Dialer.dial` throws. */
  dial(by: Actor, params: DialParams): PhoneCall {
    const { target, displayName = '', digits = '', ringSeconds = null, participantId = null } = params;
    const spoken = participantId === null ? undefined : this.#speaker(by, participantId);
    const call = this.#dialer.dial(this, {
      ...{ by: personOf(by), target, displayName, digits, ringSeconds, participantId },
      breakoutId: spoken ? spoken.breakoutId : params.breakoutId,
    });
    this.#room.audit(by, 'phone.dial', { details: { callId: call.callId, number: call.number } });
    return call;
  }

  /** Throws CALL_NOT_FOUND, as all that follow. */
  cancel(by: Actor, callId: string): void {
    const { number } = this.#get(callId);
    this.#dialer.hangUp(callId, personOf(by));
    this.#room.audit(by, 'phone.cancel', { details: { callId, number } });
  }

  /** Throws WRONG_STATE before the answer. */
  sendDigits(callId: string, digits: string): void {
    this.#get(callId);
    this.#dialer.sendDigits(callId, digits);
  }

  /** Throws INVALID_PARAMS where not just one of both is named, and what `Dialer.transfer` throws. */
  transfer(by: Actor, { callId, target, toCallId }: MethodParams<'phone.transfer'>): void {
    const { number } = this.#get(callId);
    if ((target === undefined) === (toCallId === undefined))
      throw new ParleyError('INVALID_PARAMS', {
        details: { path: '/target', message: 'either target or toCallId has to be there' },
      });
    const to = target === undefined ? { callId: this.#get(toCallId ?? '').callId } : { target };
    this.#dialer.transfer(callId, to, personOf(by));
    this.#room.audit(by, 'phone.transfer', { details: { callId, number, ...to } });
  }

  callChanged(call: PhoneCall): void {
    for (const participant of this.#room.roster.all)
      if (maySee(participant, call)) participant.notify({ method: 'phone.callChanged', params: { call } });
    this.#room.stateChanged();
  }

  /** The meeting has ended: who has not answered yet is called no more. Who is there hears that it has. */
  clear(): void {
    for (const { callId, direction, answeredAt } of this.all)
      if (direction === 'out' && answeredAt === null) this.#dialer.hangUp(callId, SERVER);
  }

  /** The calls of somebody may be seen by them, whatever they may do now. Throws CALL_NOT_FOUND. */
  assertMayControl(by: Participant, callId: string): void {
    if (!maySee(by, this.#get(callId))) throw new ParleyError('PERMISSION_DENIED');
  }

  #speaker(by: Actor, participantId: string): Participant {
    const speaker = this.#room.roster.get(participantId);
    if (speaker.identity !== by.identity && !mayActOn(by.role, speaker.role))
      throw new ParleyError('PERMISSION_DENIED');
    if (speaker.grants.kind !== 'web' || speaker.info.phone) throw new ParleyError('WRONG_STATE');
    return speaker;
  }

  #get(callId: string): PhoneCall {
    const call = this.all.find((one) => one.callId === callId);
    if (!call) throw new ParleyError('CALL_NOT_FOUND');
    return call;
  }
}

const maySee = ({ permissions, identity }: Participant, { by }: PhoneCall): boolean =>
  permissions.canDial || by === identity;
