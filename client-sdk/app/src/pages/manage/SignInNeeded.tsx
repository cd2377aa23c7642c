import button from '../../ui/Button.module.css';
import { classes } from '../../ui/classes.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { MessagePage } from '../ended/MessagePage.tsx';

/** Instead of a page that is for people who are signed in; signing in leads back to it. */
export function SignInNeeded() {
  const signIn = `/auth/login?returnTo=${encodeURIComponent(location.pathname)}`;
  return (
    <div data-testid="sign-in-needed" style={{ display: 'contents' }}>
      <MessagePage
        title="Sign in to see your rooms"
        text="Rooms, invitations and past meetings are for the people who run them. Sign in, and you come back to this page."
      >
        {/* The server leads to where one signs in: no page of the app. */}
        <a
          href={signIn}
          className={classes(button.button, button.primary, button.medium)}
          data-testid="sign-in-link"
        >
          Sign in
        </a>
        <LinkButton href="/">To the front page</LinkButton>
      </MessagePage>
    </div>
  );
}
