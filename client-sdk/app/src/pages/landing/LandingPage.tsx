import { Globe, Server, UserRoundX } from 'lucide-react';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { Logo } from '../../ui/Logo.tsx';
import { Illustration } from './Illustration.tsx';
import styles from './LandingPage.module.css';
import { SignInStatus } from './SignInStatus.tsx';
import { StartForm } from './StartForm.tsx';

const FACTS = [
  {
    icon: UserRoundX,
    title: 'No account, no install',
    text: 'Share a link. People open it, type a name and are in.',
  },
  {
    icon: Server,
    title: 'On your own server',
    text: 'Voices and faces pass through your machine, not through somebody’s cloud.',
  },
  {
    icon: Globe,
    title: 'Any current browser',
    text: 'On a computer or a phone. Computers share their screen, with its sound.',
  },
] as const;

export function LandingPage() {
  useDocumentTitle('');
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Logo />
        <SignInStatus />
      </header>
      <main className={styles.main}>
        <section className={styles.hero}>
          <h1 className={styles.title}>Talk face to face, on ground that is yours.</h1>
          <p className={styles.lead}>
            Parley is video meetings for small teams, run by yourselves: one link, clear sound, and nobody in
            between.
          </p>
          <StartForm />
        </section>
        <Illustration />
        <ul className={styles.facts}>
          {FACTS.map(({ icon: Icon, title, text }) => (
            <li key={title} className={styles.fact}>
              <Icon size={20} aria-hidden />
              <h2 className={styles.factTitle}>{title}</h2>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className={styles.footer}>
        <a href="/api/docs">For developers: the API</a>
      </footer>
    </div>
  );
}
