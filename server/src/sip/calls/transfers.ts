import type { PhoneEvent } from '@parley/protocol/phoneProcess';
import { SipSyntaxError } from '../stack/message/SipSyntaxError.ts';
import { parseUri, type Uri } from '../stack/message/uri.ts';
import type { IncomingRefer } from '../stack/session/IncomingRefer.ts';
import type { Leg } from './Leg.ts';
import type { LiveLeg } from './Legs.ts';
import { sipUri } from './TrunkLine.ts';

/** To a number, an extension or a SIP URI; or, attended, in place of another leg: then the number does not matter. */
interface Wish {
  readonly target: string;
  readonly attended: Leg | undefined;
}

/** Asks a phone to call somebody else (RFC 3515), in place of `attended` where there is one; its call here ends when it has. */
export async function transferLeg(
  live: LiveLeg,
  { target, attended }: Wish,
  { tell, domain }: { tell: (event: PhoneEvent) => void; domain: string },
): Promise<void> {
  const { leg } = live;
  const { legId } = leg;
  try {
    const uri = attended?.session.remoteTarget ?? uriOf(target, live, domain);
    const { status, text } = await leg.session.refer(uri, { replaces: attended?.session });
    tell({ type: 'transferred', legId, status, why: text });
    if (status >= 200 && status < 300) leg.end({ by: 'host', why: `The call was passed on to ${target}.` });
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    tell({ type: 'transferred', legId, status: 400, why: 'That is no address that can be called.' });
  }
}

/** As whoever is asked can call it: through its own trunk, or through this server where it is a phone of ours. */
function uriOf(target: string, { line }: LiveLeg, domain: string): Uri {
  if (/^sips?:/i.test(target)) return parseUri(target);
  return line?.trunk.outbound ? line.uriOf(target) : sipUri(target, domain);
}

/** Tells the phone that asked for it how the call to somebody else goes; its own ends when that stands. */
export function reportCall(refer: IncomingRefer, called: Leg, asking: Leg): void {
  let isOver = false;
  const finish = async (status: number): Promise<void> => {
    if (isOver) return;
    isOver = true;
    await refer.notify(status);
    if (status < 300) asking.end({ by: 'server', why: 'The call was passed on.' });
  };
  called.session.on('ringing', (status) => void refer.notify(status));
  called.once('established', () => void finish(200));
  called.once('ended', ({ status }) => void finish(status < 300 ? 487 : status));
}
