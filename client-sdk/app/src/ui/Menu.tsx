import { Check, type LucideIcon } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Menu.module.css';

export interface MenuItem {
  key: string;
  label: string;
  icon?: LucideIcon;
  /** Given for choices: one of a group is chosen. */
  checked?: boolean;
  disabled?: boolean;
  /** Small words below, such as why it is disabled. */
  hint?: string;
  testId?: string;
  onSelect: () => void;
}

export interface MenuSection {
  title?: string;
  items: MenuItem[];
}

interface Props {
  label: string;
  sections: MenuSection[];
  align?: 'start' | 'center' | 'end';
  /** Opens below its button instead of above. */
  below?: boolean;
  /** Makes the button that opens the menu. */
  trigger: (props: TriggerProps) => ReactNode;
  onOpen?: () => void;
}

export interface TriggerProps {
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  'aria-controls': string | undefined;
  onClick: () => void;
}

/** A menu above its button. Arrow keys move, Esc closes and gives the focus back. */
export function Menu({ label, sections, align = 'center', below = false, trigger, onOpen }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useCloseOutside(root, open, () => setOpen(false));

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.focus();
  };
  const handleKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      moveFocus(root.current, event.key === 'ArrowDown' ? 1 : -1);
    }
  };

  return (
    <div className={styles.root} ref={root} onKeyDown={handleKeyDown}>
      {trigger({
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        'aria-controls': open ? id : undefined,
        onClick: () => {
          if (!open) onOpen?.();
          setOpen(!open);
        },
      })}
      {open && (
        <div
          id={id}
          ref={below ? placeFreely : keepOnScreen}
          role="menu"
          aria-label={label}
          className={classes(styles.menu, styles[align])}
        >
          {sections.map((section, index) => (
            <Section key={section.title ?? index} section={section} onChosen={close} />
          ))}
        </div>
      )}
    </div>
  );
}

/** How near to the edge of the screen a menu may come, px. */
const MARGIN = 12;

/** Long texts make a menu wide, and its button may stand at the edge. */
function keepOnScreen(menu: HTMLElement | null): void {
  if (menu === null) return;
  const { left, right } = menu.getBoundingClientRect();
  const tooFarRight = Math.max(0, right - (document.documentElement.clientWidth - MARGIN));
  const shift = Math.max(0, MARGIN - left) - tooFarRight;
  if (shift !== 0) menu.style.transform = `translateX(${shift}px)`;
}

/** In a list that scrolls, a menu would be cut off at its end; so it stands free, as near to its button as there is room. */
function placeFreely(menu: HTMLElement | null): void {
  const button = menu?.parentElement?.getBoundingClientRect();
  if (!menu || !button) return;
  const { width, height } = menu.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.min(button.right - width, clientWidth - width - MARGIN);
  const top = Math.min(button.bottom + 4, clientHeight - height - MARGIN);
  Object.assign(menu.style, {
    position: 'fixed',
    inset: `${Math.max(MARGIN, top)}px auto auto ${Math.max(MARGIN, left)}px`,
  });
}

function Section({ section, onChosen }: { section: MenuSection; onChosen: () => void }) {
  return (
    <div role="group" aria-label={section.title} className={styles.section}>
      {section.title !== undefined && <p className={styles.title}>{section.title}</p>}
      {section.items.map(({ icon: Icon, ...item }) => (
        <button
          key={item.key}
          type="button"
          role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={item.checked}
          disabled={item.disabled}
          data-testid={item.testId}
          className={styles.item}
          onClick={() => {
            onChosen();
            item.onSelect();
          }}
        >
          {item.checked !== undefined && (
            <Check size={17} aria-hidden className={item.checked ? undefined : styles.unchecked} />
          )}
          {Icon !== undefined && <Icon size={18} aria-hidden />}
          <span className={styles.text}>
            {item.label}
            {item.hint !== undefined && <span className={styles.hint}>{item.hint}</span>}
          </span>
        </button>
      ))}
    </div>
  );
}

function moveFocus(root: HTMLElement | null, step: 1 | -1): void {
  const items = [...(root?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? [])];
  const at = items.findIndex((item) => item === document.activeElement);
  const next = at === -1 ? (step === 1 ? 0 : -1) : (at + step + items.length) % items.length;
  items.at(next)?.focus();
}

function useCloseOutside(root: { current: HTMLElement | null }, open: boolean, close: () => void): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!open) return undefined;
    const handleOutside = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === true) return;
      latest.current();
    };
    // A phone that is turned: the button is elsewhere now, and the menu would stand alone.
    const handleResize = () => latest.current();
    document.addEventListener('pointerdown', handleOutside);
    document.addEventListener('focusin', handleOutside);
    addEventListener('resize', handleResize);
    return () => {
      removeEventListener('resize', handleResize);
      document.removeEventListener('pointerdown', handleOutside);
      document.removeEventListener('focusin', handleOutside);
    };
  }, [open, root]);
}
