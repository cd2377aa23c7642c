import { joinErrorText, mayMeanToCreate, type Invitation, type JoinProblem } from '../../lib/errorTexts.ts';
import { navigate } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';

interface Props {
  problem: JoinProblem;
  invitation: Invitation;
  onCreate: () => void;
}

/** Why joining did not work. The Join button beside it is the way to try again. */
export function JoinNotice({ problem, invitation, onCreate }: Props) {
  const mayCreate = mayMeanToCreate(problem, invitation);
  return (
    <Notice text={joinErrorText(problem, invitation)} code={problem} tone={mayCreate ? 'warning' : 'danger'}>
      {mayCreate && (
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
