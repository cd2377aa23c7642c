import { useDocumentTitle } from '../../../hooks/useDocumentTitle.ts';
import { useShowCurrent } from '../../../hooks/useShowCurrent.ts';
import { useLoad } from '../../../hooks/useLoad.ts';
import { isCode, needsSignIn, serverErrorText } from '../../../lib/manageErrorTexts.ts';
import { pathOfPhones, type PhoneSection } from '../../../routing/phonePlace.ts';
import { AppLink } from '../../../ui/AppLink.tsx';
import { BackLink } from '../../../ui/BackLink.tsx';
import { classes } from '../../../ui/classes.ts';
import { Notice } from '../../../ui/Notice.tsx';
import tabs from '../../../ui/Tabs.module.css';
import { ManageFrame } from '../ManageFrame.tsx';
import { server } from '../server.ts';
import { SignInNeeded } from '../SignInNeeded.tsx';
import header from '../RoomManagePage.module.css';
import { CallSection } from './CallSection.tsx';
import { ExtensionSection } from './ExtensionSection.tsx';
import { RefusedSection } from './RefusedSection.tsx';
import { RuleSection } from './RuleSection.tsx';
import { TrunkSection } from './TrunkSection.tsx';

const SECTIONS: readonly { section: PhoneSection; label: string }[] = [
  { section: 'trunks', label: 'Trunks' },
  { section: 'rules', label: 'Dispatch rules' },
  { section: 'extensions', label: 'Extensions' },
  { section: 'calls', label: 'Calls' },
  { section: 'refused', label: 'Refused' },
];

/** Whether somebody is signed in is said by any answer. */
const knock = () => server.phones.listTrunks({ limit: 1 });

/** Phones of the server, for those who run it. */
export function PhonesPage({ section }: { section: PhoneSection }) {
  useDocumentTitle('Phones');
  const { loaded } = useLoad(knock);
  if (loaded.at === 'failed' && needsSignIn(loaded.error)) return <SignInNeeded />;
  const isDenied = loaded.at === 'failed' && isCode(loaded.error, 'PERMISSION_DENIED');
  return (
    <ManageFrame>
      <header className={header.header}>
        <BackLink href="/rooms">Rooms</BackLink>
        <h1 className={header.title}>Phones</h1>
      </header>
      {isDenied ? (
        <Notice text={serverErrorText(loaded.error)} testId="admin-needed" />
      ) : (
        <Sections section={section} />
      )}
    </ManageFrame>
  );
}

function Sections({ section }: { section: PhoneSection }) {
  const list = useShowCurrent(section);
  return (
    <>
      <nav ref={list} className={tabs.tabs} aria-label="Of phones">
        {SECTIONS.map(({ section: one, label }) => (
          <AppLink
            key={one}
            href={pathOfPhones(one)}
            className={classes(tabs.tab, one === section && tabs.chosen)}
            aria-current={one === section ? 'page' : undefined}
            data-testid={`phones-${one}`}
          >
            {label}
          </AppLink>
        ))}
      </nav>
      <Section section={section} />
    </>
  );
}

function Section({ section }: { section: PhoneSection }) {
  switch (section) {
    case 'trunks':
      return <TrunkSection />;
    case 'rules':
      return <RuleSection />;
    case 'extensions':
      return <ExtensionSection />;
    case 'calls':
      return <CallSection />;
    case 'refused':
      return <RefusedSection />;
  }
}
