import { useRoomState } from '@parley/client-sdk/react';
import { Invitation } from '../../ui/Invitation.tsx';

/** How others come into this meeting; its hosts see the telephone, too. */
export function RoomInvitation() {
  const room = useRoomState();
  const mayKnow = room.permissions.roomAdmin && room.calls.isAvailable;
  return (
    <Invitation
      roomName={room.name}
      title={room.info.settings.title || room.name}
      admin={mayKnow ? room.admin : null}
    />
  );
}
