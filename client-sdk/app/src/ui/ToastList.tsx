import styles from './ToastList.module.css';
import type { Toast } from './useToasts.ts';

/** Read out politely, one after the other; the list is always there, as screen readers need it. */
export function ToastList({ toasts }: { toasts: readonly Toast[] }) {
  return (
    <ul className={styles.list} role="log" aria-live="polite" data-testid="toasts">
      {toasts.map(({ toastId, text }) => (
        <li key={toastId} className={styles.toast}>
          {text}
        </li>
      ))}
    </ul>
  );
}
