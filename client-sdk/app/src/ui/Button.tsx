import type { ComponentProps } from 'react';
import { classes } from './classes.ts';
import styles from './Button.module.css';

interface Props extends ComponentProps<'button'> {
  look?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'medium' | 'large';
  wide?: boolean;
}

export function Button({ look = 'secondary', size = 'medium', wide = false, className, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(styles.button, styles[look], styles[size], wide && styles.wide, className)}
    />
  );
}
