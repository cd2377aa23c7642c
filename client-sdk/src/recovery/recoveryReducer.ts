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
  /** Number of the latest step that mends media; what an earlier one comes to no longer matters. */
  attempt: number;
  /** Whether people were told that the connection is being mended. */
  recovering: boolean;
  by: RecoveredBy;
  over: boolean;
}

/** What comes of a step that mends media. */
export type MediaOutcome = 'iceRestarted' | 'iceRestartFailed' | 'mediaRebuilt' | 'rebuildFailed';

export type RecoveryEvent =
  | { type: 'signalDropped' | 'signalResumed' | 'sessionLost' | 'rejoined' }
  | { type: 'mediaInterrupted' | 'mediaFailed' | 'mediaConnected' | 'mediaReset' }
  | { type: MediaOutcome; attempt: number }
  | { type: 'mediaTimer' | 'deadline' | 'closed' };

export type RecoveryCommand =
  | { type: 'restartIce' | 'rebuildMedia'; attempt: number }
  | { type: 'rejoin' | 'stopMediaTimer' | 'startDeadline' | 'stopDeadline' }
  | { type: 'startMediaTimer'; ms: number }
  | { type: 'announceReconnecting' | 'giveUp' }
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
  attempt: 0,
  recovering: false,
  by: 'resume',
  over: false,
};

const WEIGHT: Record<RecoveredBy, number> = { resume: 0, iceRestart: 1, mediaReset: 2, rejoin: 3 };

interface Move {
  change?: Partial<RecoveryState>;
  commands?: RecoveryCommand[];
  by?: RecoveredBy;
}

const NOTHING: Move = {};

function restartIce({ attempt }: RecoveryState): Move {
  return {
    change: { media: 'iceRestart', attempt: attempt + 1 },
    commands: [
      { type: 'restartIce', attempt: attempt + 1 },
      { type: 'startMediaTimer', ms: ICE_RESTART_MS },
    ],
    by: 'iceRestart',
  };
}

function rebuild({ attempt }: RecoveryState): Move {
  return {
    change: { media: 'rebuild', attempt: attempt + 1 },
    commands: [{ type: 'stopMediaTimer' }, { type: 'rebuildMedia', attempt: attempt + 1 }],
    by: 'mediaReset',
  };
}

const mediaIsUp: Move = { change: { media: 'up' }, commands: [{ type: 'stopMediaTimer' }] };

const RULES: Record<Exclude<RecoveryEvent['type'], 'deadline' | 'closed'>, (state: RecoveryState) => Move> = {
  signalDropped: ({ signal }) => (signal === 'up' ? { change: { signal: 'down' } } : NOTHING),
  signalResumed: (state) => {
    if (state.signal !== 'down') return NOTHING;
    // A path that broke while nobody could be asked for a new one is mended now.
    const next = state.media === 'interrupted' || state.media === 'iceRestart' ? restartIce(state) : NOTHING;
    return { ...next, change: { ...next.change, signal: 'up' }, by: next.by ?? 'resume' };
  },
  // Joining anew goes on until it works: a session that is lost meanwhile is its own affair.
  sessionLost: ({ signal, attempt }) =>
    signal === 'lost'
      ? NOTHING
      : {
          change: { signal: 'lost', media: 'rebuild', attempt: attempt + 1 },
          commands: [{ type: 'stopMediaTimer' }, { type: 'rejoin' }],
          by: 'rejoin',
        },
  rejoined: ({ signal }) => (signal === 'lost' ? { change: { signal: 'up', media: 'up' } } : NOTHING),
  mediaInterrupted: ({ media }) =>
    media === 'up'
      ? { change: { media: 'interrupted' }, commands: [{ type: 'startMediaTimer', ms: INTERRUPTED_MS }] }
      : NOTHING,
  mediaFailed: (state) => {
    const { signal, media } = state;
    if (signal !== 'up') return media === 'up' ? { change: { media: 'interrupted' } } : NOTHING;
    if (media === 'up' || media === 'interrupted') return restartIce(state);
    return media === 'iceRestart' ? rebuild(state) : NOTHING;
  },
  mediaConnected: ({ media }) => (media === 'interrupted' || media === 'iceRestart' ? mediaIsUp : NOTHING),
  mediaReset: (state) => (state.signal === 'lost' ? NOTHING : rebuild(state)),
  iceRestarted: ({ media }) => (media === 'iceRestart' ? mediaIsUp : NOTHING),
  iceRestartFailed: (state) => (state.media === 'iceRestart' ? rebuild(state) : NOTHING),
  mediaRebuilt: ({ media, signal }) =>
    media === 'rebuild' && signal !== 'lost' ? { change: { media: 'up' } } : NOTHING,
  rebuildFailed: ({ media, signal }) =>
    media === 'rebuild' && signal !== 'lost'
      ? { commands: [{ type: 'startMediaTimer', ms: REBUILD_RETRY_MS }] }
      : NOTHING,
  mediaTimer: (state) => {
    const { media, signal } = state;
    if (media === 'rebuild' && signal === 'down')
      return { commands: [{ type: 'startMediaTimer', ms: REBUILD_RETRY_MS }] };
    if (signal !== 'up') return NOTHING;
    if (media === 'interrupted') return restartIce(state);
    return media === 'iceRestart' || media === 'rebuild' ? rebuild(state) : NOTHING;
  },
};

export function recoveryStep(state: RecoveryState, event: RecoveryEvent): RecoveryStep {
  const isStale = 'attempt' in event && event.attempt !== state.attempt;
  if (state.over || isStale) return { state, commands: [] };
  if (event.type === 'closed' || event.type === 'deadline') {
    const commands: RecoveryCommand[] = [{ type: 'stopMediaTimer' }, { type: 'stopDeadline' }];
    return {
      state: { ...state, over: true },
      commands: event.type === 'deadline' ? [...commands, { type: 'giveUp' }] : commands,
    };
  }
  const { change = {}, commands = [], by } = RULES[event.type](state);
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
