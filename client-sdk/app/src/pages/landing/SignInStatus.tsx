import { signInUrl, signOut } from '@parley/client-sdk';
import { useState } from 'react';
import { useSignedInHost } from '../../hooks/useSignedInHost.ts';
import { navigate } from '../../routing/useRoute.ts';
import { AppLink } from '../../ui/AppLink.tsx';
import { Button } from '../../ui/Button.tsx';
import { CallPhone } from '../calls/CallPhone.tsx';
import styles from './SignInStatus.module.css';

/** "Sign in", or who is; nothing where nobody can. */
export function SignInStatus() {
  const state = useSignedInHost();
  const [failed, setFailed] = useState(false);
  if (state === null || (state.way === 'none' && state.host === null)) return null;
  const { way, host } = state;

  if (host === null) {
    const signIn = () =>
      way === 'oidc' ? location.assign(signInUrl(location.origin, '/')) : navigate('/auth/admin');
    return (
      <Button data-testid="sign-in" onClick={signIn}>
        Sign in
      </Button>
    );
  }
  const leave = () =>
    signOut(location.origin).then(
      (url) => location.assign(url),
      () => setFailed(true),
    );
  return (
    <div className={styles.status}>
      <span className={styles.who} data-testid="signed-in-as" title={host.email ?? host.displayName}>
        Signed in as {host.displayName}
      </span>
      {host.phones && <CallPhone />}
      <AppLink className={styles.rooms} href="/rooms" data-testid="your-rooms">
        Your rooms
      </AppLink>
      <Button data-testid="sign-out" onClick={() => void leave()}>
        Sign out
      </Button>
      {failed && <span role="alert">That did not work. Check your connection, then try again.</span>}
    </div>
  );
}
