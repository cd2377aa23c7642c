import { Dialog } from '../../../ui/Dialog.tsx';
import { Keypad } from './Keypad.tsx';

interface Props {
  callId: string;
  name: string;
  onClose: () => void;
}

export function KeypadDialog({ callId, name, onClose }: Props) {
  return (
    <Dialog title={`Keys for ${name}`} onClose={onClose}>
      <Keypad callId={callId} name={name} />
    </Dialog>
  );
}
