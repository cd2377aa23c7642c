/** What is typed about an extension, and what is sent of it. */
import type { ExtensionBody, ExtensionInfo } from '@parley/client-sdk';
import type { Problems } from './phoneForms.ts';

export interface ExtensionWish {
  extension: string;
  displayName: string;
  password: string;
  identity: string;
  maxContacts: string;
}

export function extensionWishOf(extension: ExtensionInfo | null): ExtensionWish {
  return {
    ...{ extension: extension?.extension ?? '', displayName: extension?.displayName ?? '', password: '' },
    ...{ identity: extension?.identity ?? '', maxContacts: String(extension?.maxContacts ?? 4) },
  };
}

/** Fields that say what is wrong with them. */
export const EXTENSION_FIELDS = ['extension', 'displayName', 'password', 'identity', 'maxContacts'];

const LEAST_PASSWORD = 8;

/** `taken`: those there are, for a new one; null for one of them, whose password may stay. */
export function extensionProblems(wish: ExtensionWish, taken: readonly string[] | null): Problems {
  const { extension, password, maxContacts } = wish;
  const isShort = password.length < LEAST_PASSWORD && (taken !== null || password !== '');
  const contacts = Number(maxContacts);
  const isCount = /^\d{1,2}$/.test(maxContacts) && contacts >= 1 && contacts <= 16;
  return {
    ...(!/^[A-Za-z0-9_.-]{1,32}$/.test(extension) && { extension: 'Digits, letters and - _ . only.' }),
    ...(taken?.includes(extension) === true && { extension: 'There is an extension of that name already.' }),
    ...(isShort && { password: 'At least 8 characters: anybody on your network may try.' }),
    ...(!isCount && { maxContacts: '1 to 16.' }),
  };
}

export function extensionBodyOf({
  displayName,
  password,
  identity,
  maxContacts,
}: ExtensionWish): ExtensionBody {
  return {
    ...{ displayName: displayName.trim(), identity: identity === '' ? null : identity },
    ...(password !== '' && { password }),
    maxContacts: Number(maxContacts),
  };
}
