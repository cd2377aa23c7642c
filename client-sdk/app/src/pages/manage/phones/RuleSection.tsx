import type { RuleInfo } from '@parley/client-sdk';
import { Plus, Split } from 'lucide-react';
import { useCallback, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { matchWords, targetWords } from '../../../lib/trunkTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { RuleForm } from './RuleForm.tsx';
import { SavedEntry } from './SavedEntry.tsx';

/** Which call goes where: the first rule that fits, the lowest number first. */
export function RuleSection() {
  const pages = usePages<RuleInfo>(useCallback((page) => server.phones.listRules(page), []));
  const [editing, setEditing] = useState<RuleInfo | 'new' | null>(null);
  const rules = pages.loaded.at === 'ready' ? pages.loaded.data : [];
  return (
    <section className={section.section} aria-label="Dispatch rules" data-testid="rules">
      <p className={section.hint}>
        The first rule that fits says where a call goes, the lowest number first. Where none fits, callers are
        asked for the PIN of a room.
      </p>
      {pages.loaded.at === 'ready' && (
        <div className={section.actions}>
          <Button look="primary" data-testid="new-rule" onClick={() => setEditing('new')}>
            <Plus size={18} aria-hidden /> New rule
          </Button>
        </div>
      )}
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={Split}
            title="No rules yet"
            text="Without one, callers type the PIN that stands in the invitation. Make a rule for a number that leads into one room, or to one person."
          />
        }
      >
        {(items) => (
          <ul className={section.list}>
            {items
              .toSorted((a, b) => a.priority - b.priority)
              .map((rule) => (
                <SavedEntry
                  key={rule.ruleId}
                  name={rule.ruleId}
                  testId="rule"
                  fixed={rule.fixed}
                  loss="Calls that came by it go on; those to come go by the other rules."
                  onEdit={() => setEditing(rule)}
                  onDelete={() => server.phones.deleteRule(rule.ruleId).finally(pages.reload)}
                >
                  <span className={section.words}>
                    {rule.priority} · {matchWords(rule)} → {targetWords(rule.target)}
                  </span>
                </SavedEntry>
              ))}
          </ul>
        )}
      </PagesView>
      {editing !== null && (
        <RuleForm
          rule={editing === 'new' ? null : editing}
          taken={rules.map(({ ruleId }) => ruleId)}
          onSaved={pages.reload}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}
