import { useRoomState } from '@parley/client-sdk/react';
import { Button } from '../../../ui/Button.tsx';
import { Countdown } from '../Countdown.tsx';
import { useAct } from '../useAct.ts';
import styles from './BreakoutBanner.module.css';

/** Says in which breakout room one is, and how one gets help or back. */
export function BreakoutBanner() {
  const room = useRoomState();
  const act = useAct();
  const { breakouts, permissions } = room;
  if (breakouts.breakoutId === null) return null;
  const mayLeave = permissions.roomAdmin || breakouts.state?.choosing === true;
  const endsAt = breakouts.state?.endsAt ?? null;
  const here = breakouts.state?.rooms.find(({ breakoutId }) => breakoutId === breakouts.breakoutId);
  const asked = (here?.helpAskedAt ?? null) !== null;
  return (
    <div className={styles.banner} role="status" data-testid="breakout-banner">
      <span>
        You are in <b>{breakouts.name}</b>
        {endsAt !== null && (
          <>
            {' · '}
            <Countdown endsAt={endsAt} />
          </>
        )}
      </span>
      {!permissions.roomAdmin && (
        <Button data-testid="ask-for-help" onClick={() => act(breakouts.askForHelp({ withdraw: asked }))}>
          {asked ? 'Help is called' : 'Ask a host for help'}
        </Button>
      )}
      {mayLeave && (
        <Button data-testid="return-to-main" onClick={() => act(breakouts.visit(null))}>
          Main room
        </Button>
      )}
    </div>
  );
}
