/** Moments as fields of the kind `datetime-local` have them: on the clock of the browser, without a time zone. */

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** `2027-03-29T09:00`; empty for none. */
export function toLocalField(moment: number | null): string {
  if (moment === null) return '';
  const date = new Date(moment);
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
  return `${day}T${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** null where the field is empty, or holds no moment. */
export function fromLocalField(text: string): number | null {
  const moment = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(moment) ? null : moment;
}
