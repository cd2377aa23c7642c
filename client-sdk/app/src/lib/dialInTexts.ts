/** What invitations say of coming by phone. */
import type { RoomPhone } from '@parley/client-sdk';
import { formatNumber, formatPin } from './phoneNumbers.ts';

/** Whether there is anything to dial: a PIN alone leads nowhere. */
export const canDialIn = ({ numbers, pin }: RoomPhone): boolean => numbers.length > 0 && pin !== null;

/** An invitation to send by mail or chat: the link, and the numbers where there are any. */
export function invitationText(title: string, url: string, phone: RoomPhone | null): string {
  const lines = [`You are invited to “${title}”.`, '', 'Join by this link:', url];
  if (phone !== null && phone.pin !== null && canDialIn(phone))
    lines.push(
      '',
      'Or by phone:',
      ...phone.numbers.map(({ label, number }) => (label === '' ? '' : `${label}: `) + formatNumber(number)),
      `PIN: ${formatPin(phone.pin)}, then #`,
    );
  return lines.join('\n');
}
