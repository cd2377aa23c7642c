import { ParleyError, signInByAdminLink } from '@parley/client-sdk';
import { useEffect, useState } from 'react';
import { useDocumentTitle } from '../hooks/useDocumentTitle.ts';
import { navigate } from '../routing/useRoute.ts';
import { Button } from '../ui/Button.tsx';
import { MessagePage } from './ended/MessagePage.tsx';

const HOW_TO =
  'Open the admin link that the server printed when it was started. Who runs the server gets a new one by `npm run parley -- admin-link`.';

/** The secret of the link; taken out of the address at once, so that it is neither seen nor copied. */
function takeSecret(): string {
  const secret = location.hash.slice(1);
  if (secret !== '') history.replaceState(null, '', location.pathname);
  return secret;
}

/** Of each link one try, however often the page is drawn. */
let tried: { secret: string; done: Promise<void> } | undefined;

function tryOnce(secret: string): Promise<void> {
  if (tried?.secret !== secret) tried = { secret, done: signInByAdminLink(location.origin, secret) };
  return tried.done;
}

/** Where the admin link leads: signs in, and goes on to the front page. */
export function AdminLinkPage() {
  useDocumentTitle('Sign in');
  const [secret] = useState(takeSecret);
  const [problem, setProblem] = useState<string | null>(secret === '' ? HOW_TO : null);

  useEffect(() => {
    if (secret === '') return undefined;
    let wanted = true;
    tryOnce(secret).then(
      () => {
        if (wanted) navigate('/');
      },
      (error: unknown) => {
        if (wanted) setProblem(error instanceof ParleyError ? error.message : HOW_TO);
      },
    );
    return () => {
      wanted = false;
    };
  }, [secret]);

  return (
    <MessagePage
      title={problem === null ? 'Signing in…' : 'Sign in'}
      text={problem ?? 'This takes a moment only.'}
    >
      <Button look="primary" onClick={() => navigate('/')}>
        To the front page
      </Button>
    </MessagePage>
  );
}
