import { AdminLinkPage } from './pages/AdminLinkPage.tsx';
import { LandingPage } from './pages/landing/LandingPage.tsx';
import { RoomManagePage } from './pages/manage/RoomManagePage.tsx';
import { RoomsPage } from './pages/manage/rooms/RoomsPage.tsx';
import { NotFoundPage } from './pages/NotFoundPage.tsx';
import { RoomPage } from './pages/RoomPage.tsx';
import { useRoute } from './routing/useRoute.ts';

export function App() {
  const route = useRoute();
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
    case 'manage':
      return <RoomManagePage key={route.place.room} place={route.place} />;
    case 'notFound':
      return <NotFoundPage />;
  }
}
