import { useShowCurrent } from '../../hooks/useShowCurrent.ts';
import { pathOfPlace, type RoomPlace, type RoomSection } from '../../routing/roomPlace.ts';
import { AppLink } from '../../ui/AppLink.tsx';
import { classes } from '../../ui/classes.ts';
import tabs from '../../ui/Tabs.module.css';

const SECTIONS: readonly { section: RoomSection; label: string; ofPast?: boolean }[] = [
  { section: 'overview', label: 'Overview' },
  { section: 'schedule', label: 'Schedule' },
  { section: 'settings', label: 'Settings' },
  { section: 'invites', label: 'Invite links' },
  { section: 'bans', label: 'Kept out' },
  { section: 'phones', label: 'Phones' },
  { section: 'meetings', label: 'Meetings', ofPast: true },
  { section: 'recordings', label: 'Recordings', ofPast: true },
  { section: 'activity', label: 'Activity', ofPast: true },
];

/** The ways to what there is of a room; of one that is gone, to its past. */
export function SectionLinks({ place, isGone }: { place: RoomPlace; isGone: boolean }) {
  const { room, section: current } = place;
  const list = useShowCurrent(current);
  const links = SECTIONS.filter(({ section, ofPast }) => !isGone || ofPast || section === 'overview');
  return (
    <nav ref={list} className={tabs.tabs} aria-label="Of this room">
      {links.map(({ section, label }) => (
        <AppLink
          key={section}
          href={pathOfPlace({ room, section })}
          className={classes(tabs.tab, section === current && tabs.chosen)}
          aria-current={section === current ? 'page' : undefined}
          data-testid={`section-${section}`}
        >
          {label}
        </AppLink>
      ))}
    </nav>
  );
}
