import { useCallback, useState } from 'react';

export type PanelName = 'participants' | 'chat' | 'breakouts' | 'polls' | 'live' | 'phones';
export type DialogName = 'settings' | 'host' | 'recording' | 'consent';

export interface Panels {
  panel: PanelName | null;
  /** Opens a panel, or closes it when it is open. */
  toggle: (name: PanelName) => void;
  closePanel: () => void;
  dialog: DialogName | null;
  setDialog: (name: DialogName | null) => void;
}

/** What is open beside or over the stage. */
export function usePanels(): Panels {
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const toggle = useCallback((name: PanelName) => setPanel((open) => (open === name ? null : name)), []);
  const closePanel = useCallback(() => setPanel(null), []);
  return { panel, toggle, closePanel, dialog, setDialog };
}
