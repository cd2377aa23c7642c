import { navigate } from '../routing/useRoute.ts';
import { Logo } from './Logo.tsx';
import styles from './PageHeader.module.css';

/** The logo, which leads to the front page. */
export function PageHeader() {
  return (
    <header className={styles.header}>
      <a
        href="/"
        className={styles.home}
        aria-label="Parley, front page"
        onClick={(event) => {
          event.preventDefault();
          navigate('/');
        }}
      >
        <Logo />
      </a>
    </header>
  );
}
