import { useDocumentTitle } from '../hooks/useDocumentTitle.ts';
import { navigate } from '../routing/useRoute.ts';
import { Button } from '../ui/Button.tsx';
import { MessagePage } from './ended/MessagePage.tsx';

export function NotFoundPage() {
  useDocumentTitle('Not found');
  return (
    <MessagePage
      title="There is nothing at this address"
      text="Meeting links look like /r/quiet-otter-4kx92p. Check yours for a typing error, or start from the front page."
    >
      <Button look="primary" onClick={() => navigate('/')}>
        To the front page
      </Button>
    </MessagePage>
  );
}
