import { Dialog } from '../../../ui/Dialog.tsx';
import { TransferForm } from './TransferForm.tsx';

interface Props {
  callId: string;
  name: string;
  onClose: () => void;
}

export function TransferDialog({ callId, name, onClose }: Props) {
  return (
    <Dialog title={`Hand ${name} over`} onClose={onClose}>
      <TransferForm callId={callId} name={name} onDone={onClose} />
    </Dialog>
  );
}
