import type { ReactNode } from 'react';
import { PageHeader } from '../../ui/PageHeader.tsx';
import styles from './MessagePage.module.css';

interface Props {
  title: string;
  text: string;
  children: ReactNode;
}

/** A page that says one thing and offers the ways on. */
export function MessagePage({ title, text, children }: Props) {
  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.text}>{text}</p>
        <div className={styles.actions}>{children}</div>
      </main>
    </div>
  );
}
