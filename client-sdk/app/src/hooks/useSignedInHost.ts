import { getServerInfo, getSignedInHost, type ServerInfo, type SignedInHost } from '@parley/client-sdk';
import { useEffect, useState } from 'react';

export interface SignInState {
  way: ServerInfo['signIn'];
  host: SignedInHost | null;
}

/** How hosts sign in here, and who has; null until it is known, and where the server does not say. */
export function useSignedInHost(): SignInState | null {
  const [state, setState] = useState<SignInState | null>(null);
  useEffect(() => {
    let wanted = true;
    void Promise.all([getServerInfo(location.origin), getSignedInHost(location.origin)]).then(
      ([{ signIn }, host]) => {
        if (wanted) setState({ way: signIn, host });
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, []);
  return state;
}
