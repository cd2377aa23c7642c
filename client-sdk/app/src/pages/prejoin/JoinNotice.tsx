import { joinErrorText, type JoinProblem } from '../../lib/errorTexts.ts';
import { navigate } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';

interface Props {
  problem: JoinProblem;
  onCreate: () => void;
}

/** Why joining did not work. The Join button beside it is the way to try again. */
export function JoinNotice({ problem, onCreate }: Props) {
  const missing = problem === 'ROOM_NOT_FOUND' || problem === 'ACCESS_REFUSED';
  return (
    <Notice text={joinErrorText(problem)} code={problem} tone={missing ? 'warning' : 'danger'}>
      {missing && (
        <Button data-testid="create-meeting" onClick={onCreate}>
          Create this meeting
        </Button>
      )}
      {problem === 'UNSUPPORTED_VERSION' && (
        <Button onClick={() => location.reload()}>Load the page again</Button>
      )}
      <Button onClick={() => navigate('/')}>Front page</Button>
    </Notice>
  );
}
