/** A text that is not what the grammar of SIP says (RFC 3261, section 25). The message says what was expected. */
export class SipSyntaxError extends Error {
  override readonly name = 'SipSyntaxError';
}
