import { ServerAdmin } from '@parley/client-sdk';

/** This page's own server, asked in the name of who is signed in. */
export const server = new ServerAdmin(location.origin);
