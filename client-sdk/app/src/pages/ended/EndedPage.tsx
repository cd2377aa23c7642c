import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { endTextOf } from '../../lib/endTexts.ts';
import { joinErrorText, type JoinProblem } from '../../lib/errorTexts.ts';
import { navigate } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { MessagePage } from './MessagePage.tsx';

interface Props {
  reason: string;
  joining: boolean;
  /** Why rejoining did not work. */
  problem: JoinProblem | null;
  onRejoin: () => void;
}

/** The last screen of a meeting: why it is over for this person, and the ways on. */
export function EndedPage({ reason, joining, problem, onRejoin }: Props) {
  const end = endTextOf(reason);
  useDocumentTitle(end.title);
  return (
    <div data-testid="ended" data-reason={end.reason} style={{ display: 'contents' }}>
      <MessagePage title={end.title} text={end.text}>
        {end.rejoin !== null && (
          <Button look="primary" disabled={joining} data-testid="rejoin" onClick={onRejoin}>
            {joining ? 'Joining…' : end.rejoin}
          </Button>
        )}
        <Button onClick={() => navigate('/')}>Front page</Button>
        {problem !== null && !joining && <Notice text={joinErrorText(problem)} code={problem} />}
      </MessagePage>
    </div>
  );
}
