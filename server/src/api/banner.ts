import type { ListenUrl } from './listeners.ts';

/** What an operator reads once the server is ready. */
export function startupBanner(urls: readonly ListenUrl[], version: string, adminLink?: string): string {
  const of = (reach: ListenUrl['reach']): string[] =>
    urls.filter((item) => item.reach === reach).map(({ url }) => `  ${url}`);
  const [open, local, lan] = [of('public'), of('local'), of('lan')];
  const parts = [`Parley ${version} is ready.`];
  if (open.length > 0) parts.push(['Open', ...open].join('\n'));
  if (local.length > 0) parts.push(['On this machine, open', ...local].join('\n'));
  if (lan.length > 0) {
    parts.push(
      [
        'On other devices of your network, open',
        ...lan,
        'The certificate there is self-made: each browser warns once. Choose to go on; the connection is encrypted all',
        'the same. To be rid of the warning, set http.tlsCert and http.tlsKey.',
      ].join('\n'),
    );
  } else if (open.length === 0) {
    parts.push(
      'Other devices cannot use cameras here: browsers want https for that. Set http.lanHttpsPort, or a certificate.',
    );
  }
  if (adminLink !== undefined)
    parts.push(
      `To manage rooms, sign in by this link. Keep it to yourself: whoever has it is administrator.\n  ${adminLink}`,
    );
  parts.push('Press Ctrl-C to stop.');
  return `\n${parts.join('\n\n')}\n`;
}
