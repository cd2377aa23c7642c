import type { Trunk, TrunkInfo } from '@parley/protocol';

type Place = 'inbound' | 'outbound' | 'registration';

/** The trunk with each password made into another; nothing where one cannot be. */
export function withPasswords(
  trunk: Trunk,
  change: (password: string, place: Place) => string | undefined,
): Trunk | undefined {
  let failed = false;
  const changed = <T extends { password: string }>(auth: T, place: Place): T => {
    const password = change(auth.password, place);
    failed ||= password === undefined;
    return { ...auth, password: password ?? '' };
  };
  const { inbound, outbound, registration } = trunk;
  const result: Trunk = {
    ...trunk,
    inbound: inbound && { ...inbound, auth: inbound.auth && changed(inbound.auth, 'inbound') },
    outbound: outbound && { ...outbound, auth: outbound.auth && changed(outbound.auth, 'outbound') },
    registration: registration && { ...registration, auth: changed(registration.auth, 'registration') },
  };
  return failed ? undefined : result;
}

const nameOnly = ({ username }: { username: string }): { username: string } => ({ username });

/** As REST shows it. */
export function withoutPasswords(trunk: Trunk): Omit<TrunkInfo, 'fixed' | 'state' | 'minutesToday'> {
  const { inbound, outbound, registration } = trunk;
  return {
    ...trunk,
    inbound: inbound && { ...inbound, auth: inbound.auth && nameOnly(inbound.auth) },
    outbound: outbound && { ...outbound, auth: outbound.auth && nameOnly(outbound.auth) },
    registration: registration && { ...registration, auth: nameOnly(registration.auth) },
  };
}
