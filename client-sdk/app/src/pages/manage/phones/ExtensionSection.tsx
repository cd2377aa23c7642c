import type { ExtensionInfo } from '@parley/client-sdk';
import { PhoneForwarded, Plus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { ExtensionForm } from './ExtensionForm.tsx';
import { SavedEntry } from './SavedEntry.tsx';
import styles from './phones.module.css';

/** Desk phones and softphones of the house. */
export function ExtensionSection() {
  const pages = usePages<ExtensionInfo>(useCallback((page) => server.phones.listExtensions(page), []));
  const [editing, setEditing] = useState<ExtensionInfo | 'new' | null>(null);
  const extensions = pages.loaded.at === 'ready' ? pages.loaded.data : [];
  return (
    <section className={section.section} aria-label="Extensions" data-testid="extensions">
      <p className={section.hint}>
        Desk phones and softphones that register here with the extension as their user name. They dial one
        another, and rooms by their names.
      </p>
      {pages.loaded.at === 'ready' && (
        <div className={section.actions}>
          <Button look="primary" data-testid="new-extension" onClick={() => setEditing('new')}>
            <Plus size={18} aria-hidden /> New extension
          </Button>
        </div>
      )}
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={PhoneForwarded}
            title="No extensions yet"
            text="Make one for each desk phone, with a password that you type into it."
          />
        }
      >
        {(items) => (
          <ul className={section.list}>
            {items.map((extension) => (
              <ExtensionRow
                key={extension.extension}
                extension={extension}
                onEdit={() => setEditing(extension)}
                reload={pages.reload}
              />
            ))}
          </ul>
        )}
      </PagesView>
      {editing !== null && (
        <ExtensionForm
          extension={editing === 'new' ? null : editing}
          taken={extensions.map(({ extension }) => extension)}
          onSaved={pages.reload}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}

function ExtensionRow(props: { extension: ExtensionInfo; onEdit: () => void; reload: () => void }) {
  const { extension, displayName, identity, registered, fixed } = props.extension;
  return (
    <SavedEntry
      name={displayName === '' ? extension : `${extension}, ${displayName}`}
      testId="extension"
      fixed={fixed}
      loss="Its phones cannot register any more."
      onEdit={props.onEdit}
      onDelete={() => server.phones.deleteExtension(extension).finally(props.reload)}
    >
      <span className={styles.marks}>
        <span className={styles.mark}>
          <span className={classes(styles.dot, registered ? styles.good : styles.off)} aria-hidden="true" />
          {registered ? 'Registered' : 'Not registered'}
        </span>
      </span>
      {identity !== null && <span className={section.words}>Comes into rooms as {identity}</span>}
    </SavedEntry>
  );
}
