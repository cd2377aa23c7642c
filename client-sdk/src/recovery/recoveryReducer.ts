/**
 * How a broken connection is mended, as a pure function. The cheapest thing comes first: resume the session, restart
 * ICE, make the media anew, join anew. It ends in a working room or, when the deadline passes, in one terminal event.
 */

/** What mended it; the most drastic step that was needed. */
export type RecoveredBy = 'resume' | 'iceRestart' | 'mediaReset' | 'rejoin';

export interface RecoveryState {
  signal: 'up' | 'down' | 'lost';
  /** `interrupted` may heal by itself; it is not told to anybody yet. */
  media: 'up' | 'interrupted' | 'iceRestart' | 'rebuild';
  /** Whether people were told that the connection is being mended. */
  recovering: boolean;
  by: RecoveredBy;
  over: boolean;
}

export type RecoveryEvent =
  | { type: 'signalDropped' | 'signalResumed' | 'sessionLost' | 'rejoined' }
  | {
      type:
        | 'mediaInterrupted'
        | 'mediaFailed'
        | 'mediaConnected'
        | 'mediaReset'
        | 'mediaRebuilt'
        | 'rebuildFailed';
    }
  | { type: 'mediaTimer' | 'deadline' | 'closed' };

export type RecoveryCommand =
  | {
      type:
        | 'restartIce'
        | 'rebuildMedia'
        | 'rejoin'
        | 'stopMediaTimer'
        | 'startDeadline'
        | 'stopDeadline'
        | 'announceReconnecting'
        | 'giveUp';
    }
  | { type: 'startMediaTimer'; ms: number }
  | { type: 'announceReconnected'; by: RecoveredBy };

export interface RecoveryStep {
  state: RecoveryState;
  commands: RecoveryCommand[];
}

/** How long a transport may be interrupted before ICE is restarted: short gaps heal by themselves. */
export const INTERRUPTED_MS = 2000;
/** How long an ICE restart may take before the media is made anew. */
export const ICE_RESTART_MS = 8000;
/** How long to wait before making the media anew once more. */
export const REBUILD_RETRY_MS = 1000;

export const INITIAL_RECOVERY: RecoveryState = {
  signal: 'up',
  media: 'up',
  recovering: false,
  by: 'resume',
  over: false,
};

const WEIGHT: Record<RecoveredBy, number> = { resume: 0, iceRestart: 1, mediaReset: 2, rejoin: 3 };

type Rule = (state: RecoveryState) => {
  change: Partial<RecoveryState>;
  commands?: RecoveryCommand[];
  by?: RecoveredBy;
};

const restartIce: ReturnType<Rule> = {
  change: { media: 'iceRestart' },
  commands: [{ type: 'restartIce' }, { type: 'startMediaTimer', ms: ICE_RESTART_MS }],
  by: 'iceRestart',
};
const rebuild: ReturnType<Rule> = {
  change: { media: 'rebuild' },
  commands: [{ type: 'stopMediaTimer' }, { type: 'rebuildMedia' }],
  by: 'mediaReset',
};
const nothing: ReturnType<Rule> = { change: {} };

const RULES: Record<Exclude<RecoveryEvent['type'], 'deadline' | 'closed'>, Rule> = {
  signalDropped: ({ signal }) => (signal === 'up' ? { change: { signal: 'down' } } : nothing),
  signalResumed: ({ signal, media }) => {
    if (signal !== 'down') return nothing;
    // A path that broke while nobody could be asked for a new one is mended now.
    const next = media === 'interrupted' || media === 'iceRestart' ? restartIce : nothing;
    return { ...next, change: { ...next.change, signal: 'up' }, by: next.by ?? 'resume' };
  },
  sessionLost: () => ({
    change: { signal: 'lost', media: 'rebuild' },
    commands: [{ type: 'stopMediaTimer' }, { type: 'rejoin' }],
    by: 'rejoin',
  }),
  rejoined: ({ signal }) => (signal === 'lost' ? { change: { signal: 'up', media: 'up' } } : nothing),
  mediaInterrupted: ({ media }) =>
    media === 'up'
      ? { change: { media: 'interrupted' }, commands: [{ type: 'startMediaTimer', ms: INTERRUPTED_MS }] }
      : nothing,
  mediaFailed: ({ media, signal }) => {
    if (signal !== 'up') return media === 'up' ? { change: { media: 'interrupted' } } : nothing;
    if (media === 'up' || media === 'interrupted') return restartIce;
    return media === 'iceRestart' ? rebuild : nothing;
  },
  mediaConnected: ({ media }) =>
    media === 'interrupted' || media === 'iceRestart'
      ? { change: { media: 'up' }, commands: [{ type: 'stopMediaTimer' }] }
      : nothing,
  mediaReset: ({ signal }) => (signal === 'lost' ? nothing : rebuild),
  mediaRebuilt: ({ media, signal }) =>
    media === 'rebuild' && signal !== 'lost' ? { change: { media: 'up' } } : nothing,
  rebuildFailed: ({ media, signal }) =>
    media === 'rebuild' && signal !== 'lost'
      ? { change: {}, commands: [{ type: 'startMediaTimer', ms: REBUILD_RETRY_MS }] }
      : nothing,
  mediaTimer: ({ media, signal }) => {
    if (signal !== 'up') return nothing;
    if (media === 'interrupted') return restartIce;
    return media === 'iceRestart' || media === 'rebuild' ? rebuild : nothing;
  },
};

export function recoveryStep(state: RecoveryState, event: RecoveryEvent): RecoveryStep {
  if (state.over) return { state, commands: [] };
  if (event.type === 'closed' || event.type === 'deadline') {
    const commands: RecoveryCommand[] = [{ type: 'stopMediaTimer' }, { type: 'stopDeadline' }];
    return {
      state: { ...state, over: true },
      commands: event.type === 'deadline' ? [...commands, { type: 'giveUp' }] : commands,
    };
  }
  const { change, commands = [], by } = RULES[event.type](state);
  const next = { ...state, ...change };
  if (by && (!state.recovering || WEIGHT[by] > WEIGHT[next.by])) next.by = by;
  return announce(next, commands);
}

/** People are told when mending begins and when it is done; the deadline runs in between. */
function announce(state: RecoveryState, commands: RecoveryCommand[]): RecoveryStep {
  const broken = state.signal !== 'up' || state.media === 'iceRestart' || state.media === 'rebuild';
  if (broken && !state.recovering) {
    return {
      state: { ...state, recovering: true },
      commands: [{ type: 'announceReconnecting' }, { type: 'startDeadline' }, ...commands],
    };
  }
  if (!broken && state.recovering && state.media === 'up') {
    return {
      state: { ...state, recovering: false, by: 'resume' },
      commands: [...commands, { type: 'stopDeadline' }, { type: 'announceReconnected', by: state.by }],
    };
  }
  return { state, commands };
}
