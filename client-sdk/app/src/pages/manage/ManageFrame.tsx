import type { ReactNode } from 'react';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ToastList } from '../../ui/ToastList.tsx';
import { useToasts } from '../../ui/useToasts.ts';
import { NotifyContext } from '../meeting/useAct.ts';
import styles from './ManageFrame.module.css';

/** What all pages have around them from which rooms are run. */
export function ManageFrame({ children }: { children: ReactNode }) {
  const { toasts, notify } = useToasts();
  return (
    <NotifyContext value={notify}>
      <div className={styles.page}>
        <PageHeader />
        <main className={styles.main}>{children}</main>
        <div className={styles.toasts}>
          <ToastList toasts={toasts} />
        </div>
      </div>
    </NotifyContext>
  );
}
