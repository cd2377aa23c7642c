import { randomBytes } from 'node:crypto';

/** A new identifier of 96 random bits with a prefix that tells its kind, such as `PA_` for a participant. */
export function newId(
  prefix:
    'RM' | 'PA' | 'PU' | 'SE' | 'KN' | 'BR' | 'PO' | 'MT' | 'MS' | 'FI' | 'IV' | 'WH' | 'WD' | 'EV' | 'SC',
): string {
  return `${prefix}_${randomBytes(12).toString('base64url')}`;
}

/** A secret of 192 random bits. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}
