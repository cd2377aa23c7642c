import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../../ui/IconButton.tsx';
import styles from './Pager.module.css';

interface Props {
  page: number;
  pages: number;
  onPage: (page: number) => void;
}

export function Pager({ page, pages, onPage }: Props) {
  return (
    <nav className={styles.pager} aria-label="Pages of participants" data-testid="pager">
      <IconButton
        label="Previous page"
        icon={ChevronLeft}
        look="quiet"
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      />
      <span className={styles.text} aria-live="polite">
        {page + 1} of {pages}
      </span>
      <IconButton
        label="Next page"
        icon={ChevronRight}
        look="quiet"
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
      />
    </nav>
  );
}
