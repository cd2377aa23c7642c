import { ParleyError } from '@parley/client-sdk';
import { createContext, useContext } from 'react';

/** Shows a line for some seconds. */
export const NotifyContext = createContext<(text: string) => void>(() => undefined);

export type Act = (action: Promise<unknown>) => void;

/** Does what a button is for, and says why when it does not work. */
export function useAct(): Act {
  const notify = useContext(NotifyContext);
  return (action) => {
    action.catch((error: unknown) => {
      notify(error instanceof ParleyError ? error.message : 'That did not work. Try again.');
    });
  };
}

/** As `useAct`, for who goes on once it has worked: gives the action. */
export function useAttempt(): <T>(action: Promise<T>) => Promise<T> {
  const act = useAct();
  return (action) => {
    act(action);
    return action;
  };
}
