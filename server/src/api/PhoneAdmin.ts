import type {
  CallExportQuery,
  CallQuery,
  CallRecord,
  CreatedPin,
  CreatePinBody,
  ExtensionBody,
  ExtensionInfo,
  PinInfo,
  RefusedCall,
  RoomPhone,
  RuleBody,
  RuleInfo,
  TrunkBody,
  TrunkInfo,
} from '@parley/protocol';
import type { Desk } from '../room/HostDesk.ts';
import type { Page, PageRequest } from './RoomService.ts';

/** How to come into a room by phone. */
export interface DialIn {
  /** Those of the setting `meetings.dialIn`, and those of trunks. */
  numbers: { label: string; number: string }[];
  /** undefined where there are no phones. */
  pin: string | undefined;
}

/** What REST asks of phones; the desk in `sip/book` is one. Every method throws ParleyError. */
export interface PhoneAdmin {
  /** Whether there is anything to call, and to be called by. */
  readonly isOn: boolean;

  listTrunks(page: PageRequest): Page<TrunkInfo>;
  /** TRUNK_NOT_FOUND. */
  getTrunk(trunkId: string): TrunkInfo;
  /** Makes it, or puts it in the place of the present one. INVALID_PARAMS, WRONG_STATE, LIMIT_REACHED, here and below. */
  putTrunk(trunkId: string, body: TrunkBody): { trunk: TrunkInfo; created: boolean };
  /** TRUNK_NOT_FOUND, WRONG_STATE. */
  deleteTrunk(trunkId: string): void;

  listRules(page: PageRequest): Page<RuleInfo>;
  /** RULE_NOT_FOUND. */
  getRule(ruleId: string): RuleInfo;
  putRule(ruleId: string, body: RuleBody): { rule: RuleInfo; created: boolean };
  /** RULE_NOT_FOUND, WRONG_STATE. */
  deleteRule(ruleId: string): void;

  listExtensions(page: PageRequest): Page<ExtensionInfo>;
  /** EXTENSION_NOT_FOUND. */
  getExtension(extension: string): ExtensionInfo;
  putExtension(extension: string, body: ExtensionBody): { extension: ExtensionInfo; created: boolean };
  /** EXTENSION_NOT_FOUND, WRONG_STATE. */
  deleteExtension(extension: string): void;

  /** Newest first. */
  listCalls(query: CallQuery): Page<CallRecord>;
  /** CALL_NOT_FOUND. */
  getCall(callId: string): CallRecord;
  /** All of them as CSV (RFC 4180), newest first, piece by piece. */
  exportCalls(query: CallExportQuery): Iterable<string>;
  /** Newest first. */
  listRefusedCalls(page: PageRequest): Page<RefusedCall>;

  /** ROOM_NOT_FOUND, PERMISSION_DENIED, here and below. */
  roomPhone(desk: Desk): Promise<RoomPhone>;
  renewPin(desk: Desk): Promise<RoomPhone>;
  listPins(desk: Desk, page: PageRequest): Promise<Page<PinInfo>>;
  /** PHONES_OFF, LIMIT_REACHED. */
  createPin(desk: Desk, body: CreatePinBody): Promise<CreatedPin>;
  /** PIN_NOT_FOUND. */
  revokePin(desk: Desk, pinId: string): Promise<void>;
  /** What invitations print. Of a room that is not there, numbers only. */
  dialInOf(room: string): DialIn;
}
