import { AdminLinkPage } from './pages/AdminLinkPage.tsx';
import { CallBell } from './pages/calls/CallBell.tsx';
import { LandingPage } from './pages/landing/LandingPage.tsx';
import { PhonesPage } from './pages/manage/phones/PhonesPage.tsx';
import { RoomManagePage } from './pages/manage/RoomManagePage.tsx';
import { RoomsPage } from './pages/manage/rooms/RoomsPage.tsx';
import { NotFoundPage } from './pages/NotFoundPage.tsx';
import { RoomPage } from './pages/RoomPage.tsx';
import { WatchPage } from './pages/watch/WatchPage.tsx';
import type { Route } from './routing/route.ts';
import { useRoute } from './routing/useRoute.ts';

export function App() {
  const route = useRoute();
  return (
    <>
      <Page route={route} />
      <CallBell page={route.page} />
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'landing':
      return <LandingPage />;
    case 'room':
      // The key makes another room another page, with nothing carried over.
      return <RoomPage key={route.room} roomName={route.room} />;
    case 'adminLink':
      return <AdminLinkPage />;
    case 'rooms':
      return <RoomsPage />;
    case 'phones':
      return <PhonesPage section={route.section} />;
    case 'manage':
      return <RoomManagePage key={route.place.room} place={route.place} />;
    case 'watch':
      return <WatchPage key={route.liveId} liveId={route.liveId} />;
    case 'notFound':
      return <NotFoundPage />;
  }
}
