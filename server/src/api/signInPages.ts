/** Pages of signing in that the server writes itself: what went wrong, in words, and the way on. */
import type { SignInFault } from '../signin/OidcProvider.ts';

type Fault = SignInFault | 'lostAttempt' | 'tooMany';

export const FAULTS: Readonly<Record<Fault, { status: number; title: string; text: string }>> = {
  unreachable: {
    status: 503,
    title: 'Signing in does not work at the moment',
    text: 'The service that signs people in here does not answer. Meetings go on, and guests can join. Try again in a minute; if it stays so, tell who runs this server.',
  },
  refusedByProvider: {
    status: 403,
    title: 'You were not signed in',
    text: 'The service that signs people in here did not let you through, or signing in was cancelled. You can try again.',
  },
  invalidAnswer: {
    status: 400,
    title: 'Signing in did not work',
    text: 'The answer of the service that signs people in here was not valid, or was used before. Nothing is changed. Please try again; if it stays so, tell who runs this server: the log says what was wrong.',
  },
  lostAttempt: {
    status: 400,
    title: 'Signing in did not work',
    text: 'This is not the answer to your last try: it took too long, it was finished in another tab, or your browser keeps no cookies. Please try again.',
  },
  noEmail: {
    status: 403,
    title: 'Your account is not one of a host here',
    text: 'You have signed in, but your account has no e-mail address, and hosts are known by it here. You can join meetings as a guest, or sign in with another account.',
  },
  emailNotVerified: {
    status: 403,
    title: 'Your e-mail address is not confirmed',
    text: 'You have signed in, but the service does not vouch for your e-mail address. Confirm it there, then sign in again. You can join meetings as a guest meanwhile.',
  },
  notAllowed: {
    status: 403,
    title: 'Your account is not one of a host here',
    text: 'You have signed in, but your e-mail address is none of those that host meetings on this server. You can join meetings as a guest, or sign in with another account. Who runs this server can add you.',
  },
  claimMissing: {
    status: 403,
    title: 'Your account is not one of a host here',
    text: 'You have signed in, but you are not in the group of those who host meetings on this server. You can join meetings as a guest. Who runs this server can add you.',
  },
  tooMany: {
    status: 429,
    title: 'Too many tries',
    text: 'Too many tries to sign in came from your network. Wait a minute, then try again.',
  },
};

/** `again` is the address of another try. */
export function faultPage(fault: Fault, again: string): string {
  const { title, text } = FAULTS[fault];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>${escape(title)} · Parley</title>
  </head>
  <body style="font: 1rem/1.6 system-ui, sans-serif; color: #1d2b29; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem">
    <h1 style="font-size: 1.75rem; line-height: 1.2">${escape(title)}</h1>
    <p>${escape(text)}</p>
    <p><a href="${escape(again)}">Try again</a> · <a href="/">To the front page</a></p>
  </body>
</html>
`;
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
