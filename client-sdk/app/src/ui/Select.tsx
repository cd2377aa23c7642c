import { ChevronDown, type LucideIcon } from 'lucide-react';
import { useId } from 'react';
import styles from './Select.module.css';

export interface Option {
  value: string;
  label: string;
}

interface Props {
  label: string;
  icon: LucideIcon;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
  disabled?: boolean;
}

/** A native select, so that phones show their own wheel and screen readers their own words. */
export function Select({ label, icon: Icon, value, options, onChange, disabled = false }: Props) {
  const id = useId();
  return (
    <div className={styles.select}>
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <Icon className={styles.icon} size={18} aria-hidden />
      <select
        id={id}
        className={styles.native}
        value={value}
        disabled={disabled || options.length === 0}
        title={label}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.length === 0 && <option value="">None available</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className={styles.chevron} size={16} aria-hidden />
    </div>
  );
}
