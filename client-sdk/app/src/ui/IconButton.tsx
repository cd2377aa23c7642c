import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classes } from './classes.ts';
import styles from './IconButton.module.css';

interface Props extends Omit<ComponentProps<'button'>, 'children'> {
  /** What it does: read out, and shown as a tooltip. */
  label: string;
  icon: LucideIcon;
  look?: 'solid' | 'quiet' | 'off' | 'active' | 'danger';
  /** Shown in the corner, such as the number of participants. */
  badge?: number | string | undefined;
  /** The key that does the same, for the tooltip. */
  shortcut?: string;
}

export function IconButton(props: Props) {
  const { label, icon: Icon, look = 'solid', badge, shortcut, className, ...rest } = props;
  return (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      {...rest}
      className={classes(styles.button, styles[look], className)}
    >
      <Icon size={21} strokeWidth={1.9} aria-hidden />
      {badge !== undefined && (
        <span className={styles.badge} aria-hidden="true">
          {badge}
        </span>
      )}
    </button>
  );
}
