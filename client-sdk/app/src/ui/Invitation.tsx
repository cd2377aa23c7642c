import type { RoomAdmin } from '@parley/client-sdk';
import { useCallback } from 'react';
import { useLoad } from '../hooks/useLoad.ts';
import { DialIn } from './DialIn.tsx';
import { InviteLink, useInviteUrl } from './InviteLink.tsx';

interface Props {
  roomName: string;
  title: string;
  /** For those who may know the PIN; null for others. */
  admin: RoomAdmin | null;
}

/** All by which others come in: the link, and the telephone where the server has one. */
export function Invitation({ roomName, title, admin }: Props) {
  const url = useInviteUrl(roomName);
  const { loaded } = useLoad(
    // A link alone is an invitation, too: nothing is said where there is no more to be had.
    useCallback(() => (admin === null ? Promise.resolve(null) : admin.getPhone().catch(() => null)), [admin]),
  );
  return (
    <>
      <InviteLink roomName={roomName} />
      {loaded.at === 'ready' && loaded.data !== null && (
        <DialIn phone={loaded.data} title={title} url={url} />
      )}
    </>
  );
}
