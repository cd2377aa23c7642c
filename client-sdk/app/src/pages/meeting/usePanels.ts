import { useState } from 'react';

export interface Panels {
  participantsOpen: boolean;
  setParticipantsOpen: (open: boolean) => void;
  settingsOpen: boolean;
  setSettingsOpen: (open: boolean) => void;
}

/** What is open beside or over the stage. */
export function usePanels(): Panels {
  const [participantsOpen, setParticipantsOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  return { participantsOpen, setParticipantsOpen, settingsOpen, setSettingsOpen };
}
