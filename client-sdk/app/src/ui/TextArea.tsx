import { useId, type ComponentProps } from 'react';
import styles from './Field.module.css';
import own from './TextArea.module.css';
import { classes } from './classes.ts';

interface Props extends ComponentProps<'textarea'> {
  label: string;
  /** Said below the field, and read out, when what was typed cannot be used. */
  error?: string | null;
}

/** Text of several lines, with its label above. */
export function TextArea({ label, error = null, ...rest }: Props) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <textarea
        rows={3}
        {...rest}
        id={id}
        className={classes(styles.input, own.area)}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : errorId}
      />
      {error !== null && (
        <p className={styles.error} id={errorId} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
