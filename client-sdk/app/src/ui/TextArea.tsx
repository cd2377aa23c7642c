import { useId, type ComponentProps } from 'react';
import styles from './Field.module.css';
import own from './TextArea.module.css';
import { classes } from './classes.ts';

/** Text of several lines, with its label above. */
export function TextArea({ label, ...rest }: ComponentProps<'textarea'> & { label: string }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <textarea rows={3} {...rest} id={id} className={classes(styles.input, own.area)} />
    </div>
  );
}
