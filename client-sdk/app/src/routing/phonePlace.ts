/** Addresses of the pages from which phones are run: `/phones/:section`. */
export const PHONE_SECTIONS = ['trunks', 'rules', 'extensions', 'calls', 'refused'] as const;
export type PhoneSection = (typeof PHONE_SECTIONS)[number];

/** null for every other path. */
export function phoneSectionOf(pathname: string): PhoneSection | null {
  const [path, name = 'trunks'] = /^\/phones(?:\/([a-z]+))?\/?$/.exec(pathname) ?? [];
  return path === undefined ? null : (PHONE_SECTIONS.find((section) => section === name) ?? null);
}

export const pathOfPhones = (section: PhoneSection = 'trunks'): string =>
  section === 'trunks' ? '/phones' : `/phones/${section}`;
