import '@fontsource-variable/figtree/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { takeTokenFromAddress } from './routing/useRoute.ts';

takeTokenFromAddress();
// An invitation pasted over the address of the same meeting changes only the fragment, and loads nothing.
addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) location.reload();
});

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
