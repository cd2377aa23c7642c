import { lookup, resolveSrv } from 'node:dns/promises';
import type { Names } from './locate.ts';

/** The DNS of the system, and its hosts file. What cannot be found is not there. */
export const systemNames: Names = {
  srv: (name) => resolveSrv(name).catch(() => []),
  addresses: async (name) => {
    const found = await lookup(name, { all: true, order: 'ipv4first' }).catch(() => []);
    return found.map(({ address }) => address);
  },
};
