import styles from './Logo.module.css';

const MARK =
  'M34 12c-10.5 0-19 8.5-19 19v18.5a3.5 3.5 0 0 0 6 2.4l4.3-4.5A19 19 0 1 0 34 12Zm0 10.5' +
  'a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z';

/** The P that is a speech bubble. Decorative: the word beside it, or the page's title, says the name. */
export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="16" className={styles.tile} />
      <path className={styles.mark} fillRule="evenodd" d={MARK} />
    </svg>
  );
}

export function Logo() {
  return (
    <span className={styles.logo}>
      <LogoMark />
      <span className={styles.word}>Parley</span>
    </span>
  );
}
