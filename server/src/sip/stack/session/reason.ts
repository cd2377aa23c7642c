import { quote, readParams } from '../message/params.ts';
import { Scanner } from '../message/Scanner.ts';
import { fromUtf8, saidTo, type SipMessage } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';

/** Why a call is ended (RFC 3326). */
export interface Reason {
  /** `SIP`, or `Q.850` for a cause of the telephone network. */
  readonly protocol: string;
  readonly cause: number | undefined;
  readonly text: string;
}

export const writeReason = ({ protocol, cause, text }: Reason): string =>
  `${protocol}${cause === undefined ? '' : ` ;cause=${cause}`}${text === '' ? '' : ` ;text=${quote(fromUtf8(text))}`}`;

/** The first of a message; undefined for none, and for one that cannot be read: it is for people only. */
export function reasonOf({ headers }: SipMessage): Reason | undefined {
  const line = headers.get('reason');
  if (line === undefined) return undefined;
  try {
    const scanner = new Scanner(line).white();
    const protocol = scanner.token();
    const params = readParams(scanner);
    const cause = Number(params.get('cause'));
    return {
      ...{ protocol, text: saidTo(params.get('text') ?? '') },
      cause: Number.isInteger(cause) ? cause : undefined,
    };
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}
