import { getServerInfo } from '@parley/client-sdk';
import { useEffect, useState } from 'react';

/** Asked once for all who want to know. */
let asked: Promise<string> | undefined;

const ask = (): Promise<string> =>
  (asked ??= getServerInfo(location.origin).then(
    ({ url }) => url,
    () => location.origin,
  ));

/** The address to give to others. On the server's own machine it is not that of this page, which leads nowhere elsewhere. */
export function useServerUrl(): string {
  const [url, setUrl] = useState(location.origin);
  useEffect(() => {
    let wanted = true;
    void ask().then((answer) => {
      if (wanted) setUrl(answer);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return url;
}
