import type { ComponentProps } from 'react';
import { AppLink } from './AppLink.tsx';
import styles from './Button.module.css';
import { classes } from './classes.ts';

interface Props extends ComponentProps<'a'> {
  href: string;
  look?: 'primary' | 'secondary' | 'quiet';
}

/** Looks like a button, and leads to another page of the app. */
export function LinkButton({ look = 'secondary', className, ...rest }: Props) {
  return <AppLink {...rest} className={classes(styles.button, styles[look], styles.medium, className)} />;
}
