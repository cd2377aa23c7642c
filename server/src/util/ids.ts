import { randomBytes } from 'node:crypto';

/** A new identifier of 96 random bits with a prefix that tells its kind, such as `PA_` for a participant. */
export function newId(
  prefix:
    | 'RM'
    | 'PA'
    | 'PU'
    | 'SE'
    | 'KN'
    | 'BR'
    | 'PO'
    | 'MT'
    | 'MS'
    | 'FI'
    | 'IV'
    | 'WH'
    | 'WD'
    | 'EV'
    | 'SC'
    | 'PR'
    | 'TG'
    | 'FD'
    | 'PN'
    | 'PH',
): string {
  return `${prefix}_${randomBytes(12).toString('base64url')}`;
}

/** An identifier of 128 random bits, for what must not be guessed. */
export function newLongId(prefix: 'RC' | 'LV' | 'CL'): string {
  return `${prefix}_${randomBytes(16).toString('base64url')}`;
}

/** A secret of 192 random bits. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}
