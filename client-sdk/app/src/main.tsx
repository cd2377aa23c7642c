import '@fontsource-variable/figtree/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { takeInvitationFromAddress } from './routing/useRoute.ts';

takeInvitationFromAddress();
// An invitation pasted over the address of the same meeting changes only the fragment, and loads nothing.
addEventListener('hashchange', () => {
  if (takeInvitationFromAddress()) location.reload();
});

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
