/** What the engine and its workers say to one another. */
import type {
  LegStatistics,
  MixerCounters,
  SayOptions,
  SettledSound,
  Uplink,
  ZoneTalker,
} from '../engine.ts';
import type { LegProgress } from '../mixer/Leg.ts';

export interface WorkerSettings {
  /** Where phones send their sound to. */
  readonly ip: string;
  /** Where the SFU does. */
  readonly sfuIp: string;
  readonly prompts: string | undefined;
  readonly language: string;
}

/** Answered, by name. */
export interface Questions {
  openZone: {
    asked: { zoneId: string; audioLevelId: number; from: { ip: string; port: number } | undefined };
    answer: { ip: string; port: number };
  };
  /** `taken`: the port is used by somebody else. */
  openLeg: {
    asked: { legId: string; port: number; language: string | undefined; progress: LegProgress | undefined };
    answer: 'open' | 'taken';
  };
  closeLeg: {
    asked: { legId: string; isMoving: boolean };
    answer: { statistics: LegStatistics; progress: LegProgress };
  };
  statistics: { asked: { legId: string }; answer: LegStatistics };
  counters: { asked: object; answer: MixerCounters };
  close: { asked: object; answer: true };
}
export type QuestionName = keyof Questions;

/** Not answered. */
export type Order =
  | { kind: 'closeZone'; zoneId: string }
  | { kind: 'setTalkers'; zoneId: string; talkers: readonly ZoneTalker[] }
  | { kind: 'setSource'; zoneId: string; from: { ip: string; port: number } }
  | { kind: 'agree'; legId: string; sound: SettledSound }
  | {
      kind: 'join';
      legId: string;
      zoneId: string;
      member: { participantId: string; uplink: Uplink | undefined };
    }
  | { kind: 'leave'; legId: string }
  | { kind: 'setMuted'; legId: string; muted: boolean }
  | { kind: 'setDeaf'; legId: string; deaf: boolean }
  | { kind: 'say'; legId: string; prompts: readonly string[]; options: SayOptions; token: number }
  | { kind: 'stopSaying'; legId: string }
  | { kind: 'sendDigits'; legId: string; digits: string; token: number };

export type Question = {
  [K in QuestionName]: { kind: K; id: number } & Questions[K]['asked'];
}[QuestionName];

export type ToWorker = Question | Order;

export type LegEvent =
  | { kind: 'digit'; digit: string }
  | { kind: 'firstPacket' }
  | { kind: 'silent'; ms: number }
  | { kind: 'level'; level: number; speaking: boolean }
  | { kind: 'said'; token: number }
  | { kind: 'digitsSent'; token: number };

export type FromWorker =
  | { kind: 'ready'; opus: string }
  | { kind: 'answer'; id: number; value: Questions[QuestionName]['answer'] }
  | { kind: 'refused'; id: number; reason: string }
  | { kind: 'leg'; legId: string; event: LegEvent };
