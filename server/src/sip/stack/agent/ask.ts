import { Headers } from '../message/Headers.ts';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import type { Core } from './Core.ts';
import { Exchange, type ExchangeOptions, type Failure } from './Exchange.ts';
import type { Flow } from '../transport/Flow.ts';
import type { Path } from './Path.ts';

/** What nobody answering amounts to (RFC 3261, section 8.1.3.1). Such an answer has no fields. */
const FAILURES: Readonly<Record<Failure, { status: number; reason: string }>> = {
  timeout: { status: 408, reason: 'Request Timeout' },
  transport: { status: 503, reason: 'Service Unavailable' },
  nowhere: { status: 503, reason: 'No address was found' },
};

export const asAnswer = (failure: Failure): SipResponse => ({
  ...{ kind: 'response', headers: new Headers(), body: NO_BODY },
  ...FAILURES[failure],
});

/** Whether an answer came from nobody. */
export const isMadeUp = ({ headers }: SipResponse): boolean => headers.size === 0;

/** Sends a request that is no INVITE; resolves with its final answer, or with what stands for none. Never rejects. */
export function ask(
  core: Core,
  request: SipRequest,
  options: ExchangeOptions & {
    path: Path;
    /** Told the way by which the final answer came. */
    answered?: (flow: Flow) => void;
  },
): Promise<SipResponse> {
  return new Promise((resolve) => {
    const exchange = new Exchange(core, request, options);
    exchange.on('response', (response, { flow }) => {
      if (response.status < 200) return;
      options.answered?.(flow);
      resolve(response);
    });
    exchange.once('failed', (reason) => resolve(asAnswer(reason)));
    exchange.start();
  });
}
