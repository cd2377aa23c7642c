import { LinkButton } from '../../ui/LinkButton.tsx';
import { MessagePage } from '../ended/MessagePage.tsx';

/** Instead of a page that is for people who are signed in. */
export function SignInNeeded() {
  return (
    <div data-testid="sign-in-needed" style={{ display: 'contents' }}>
      <MessagePage
        title="Sign in to see your rooms"
        text="Rooms, invitations and past meetings are for the people who run them. Sign in, then come back to this page."
      >
        <LinkButton href="/" look="primary">
          To the front page
        </LinkButton>
      </MessagePage>
    </div>
  );
}
