/** What a message of a script has beside what every one has. */
export interface Extra {
  /** Whole lines. */
  readonly headers?: readonly string[];
  /** The direction of a description of sound, which is sent along. */
  readonly sound?: 'sendrecv' | 'sendonly' | 'inactive';
  readonly cseq?: number | string;
  /** Outside the dialog, though there is one: after a challenge. */
  readonly isNew?: boolean;
  /** With the branch of the last INVITE: its CANCEL, and the ACK of its refusal. */
  readonly ofInvite?: boolean;
  readonly body?: { readonly type: string; readonly text: string };
}

const SOUND = (direction: string): string =>
  [
    'v=0',
    'o=sipp 1 1 IN IP4 [local_ip]',
    's=-',
    'c=IN IP4 [local_ip]',
    't=0 0',
    'm=audio 29999 RTP/AVP 0 101',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
  ].join('\n');

const SAME_BRANCH = 'the branch of the INVITE';
const TAG = 'sipp[call_number]';
const ME = '<sip:sipp@[local_ip]:[local_port]>';
const CONTACT = 'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>';

function send(lines: readonly string[], { sound, body, headers = [] }: Extra, attributes = ''): string {
  const type = sound ? 'application/sdp' : body?.type;
  const text = sound ? SOUND(sound) : (body?.text ?? '');
  const all = [
    ...lines,
    CONTACT,
    ...headers,
    ...(type ? [`Content-Type: ${type}`] : []),
    'Content-Length: [len]',
  ];
  return `<send${attributes}><![CDATA[\n${all.join('\n')}\n\n${text}\n]]></send>`;
}

/** A request of who calls. The first INVITE is number 1. */
export const ask = (method: string, extra: Extra = {}): string =>
  send(
    [
      `${method} sip:parley@[remote_ip]:[remote_port] SIP/2.0`,
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=' +
        (extra.ofInvite === true ? SAME_BRANCH : '[branch]'),
      `From: ${ME};tag=${TAG}`,
      `To: <sip:parley@[remote_ip]:[remote_port]>${extra.isNew === true ? '' : '[peer_tag_param]'}`,
      'Call-ID: [call_id]',
      `CSeq: ${extra.cseq ?? 1} ${method}`,
      'Max-Forwards: 70',
    ],
    extra,
    method === 'ACK' ? '' : ' retrans="500"',
  );

/** A request of who was called: the From of the INVITE was kept as variable 1 by `receive('INVITE', keepFrom)`. */
export const askBack = (method: string, extra: Extra = {}): string =>
  send(
    [
      `${method} [next_url] SIP/2.0`,
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]',
      `From: <sip:bob@127.0.0.1>;tag=${TAG}`,
      'To:[$1]',
      'Call-ID: [call_id]',
      `CSeq: ${extra.cseq ?? 1} ${method}`,
      'Max-Forwards: 70',
    ],
    extra,
    ' retrans="500"',
  );

/** An answer to what was received last. `isFirst`: the To field has no tag yet. `once`: to no INVITE, so that no ACK will come. */
export const answer = (status: number, extra: Extra & { isFirst?: boolean; once?: boolean } = {}): string =>
  send(
    [
      `SIP/2.0 ${status} Any`,
      '[last_Via:]',
      '[last_From:]',
      `[last_To:]${extra.isFirst === true ? `;tag=${TAG}` : ''}`,
      '[last_Call-ID:]',
      extra.cseq === undefined ? '[last_CSeq:]' : `CSeq: ${extra.cseq}`,
    ],
    extra,
    status >= 200 && extra.isFirst === true && extra.once !== true ? ' retrans="500"' : '',
  );

/** Waits for a method or a status; everything else fails the script. `actions`: as XML. */
export function receive(what: string | number, ...actions: readonly string[]): string {
  const kind = typeof what === 'number' ? `response="${what}"` : `request="${what}"`;
  const auth = what === 401 || what === 407 ? ' auth="true"' : '';
  const route = what === 'INVITE' ? ' rrs="true"' : '';
  const inner = actions.length > 0 ? `<action>${actions.join('')}</action>` : '';
  return `<recv ${kind}${auth}${route}>${inner}</recv>`;
}

/** May come, or not. */
export const perhaps = (status: number): string => `<recv response="${status}" optional="true"></recv>`;

let count = 0;

/** In a message that was received: a header, or the body, is like this. */
export function has(pattern: string, header?: string): string {
  count += 1;
  const where = header === undefined ? 'search_in="body"' : `search_in="hdr" header="${header}:"`;
  return `<ereg regexp="${pattern}" ${where} check_it="true" assign_to="v${count}"/>`;
}

export const keepFrom = '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>';

export const pause = (ms: number): string => `<pause milliseconds="${ms}"/>`;

export function script(...steps: readonly string[]): string {
  let invite = 0;
  const body = steps
    .map((step, index) => {
      if (/^<send[^]*\nINVITE /.test(step)) invite = index;
      // sipp counts messages backwards.
      return step.replace(SAME_BRANCH, `[branch-${index - invite}]`);
    })
    .join('\n');
  // A variable that nothing refers to is an error to sipp.
  const variables = [...new Set([...body.matchAll(/assign_to="([^"]+)"/g)].map(([, name]) => name))].join(
    ',',
  );
  const reference = variables === '' ? '' : `<Reference variables="${variables}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="test">\n${body}\n${reference}\n</scenario>\n`;
}
