/** Name and version as the server's log shows them. */
export const SDK_NAME = 'parley-js/0.1.0';
