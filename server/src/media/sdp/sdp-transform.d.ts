/** As much of sdp-transform as is used here: it ships no types. What it parses comes from outside, so all of it may be missing. */
declare module 'sdp-transform' {
  type Value = string | number;

  export interface ParsedAttributes {
    iceUfrag?: Value;
    icePwd?: Value;
    icelite?: Value;
    setup?: Value;
    fingerprint?: { type: Value; hash: Value };
    direction?: Value;
    connection?: { version: Value; ip: Value };
    crypto?: { id: Value; suite: Value; config: Value }[];
    ptime?: Value;
  }
  export interface ParsedMedia extends ParsedAttributes {
    type: Value;
    port: Value;
    protocol: Value;
    payloads?: Value;
    mid?: Value;
    rtcpMux?: Value;
    rtcpRsize?: Value;
    bundleOnly?: Value;
    rtp: { payload: number; codec: Value; rate?: number; encoding?: Value }[];
    fmtp: { payload: number; config: Value }[];
    rtcpFb?: { payload: Value; type: Value; subtype?: Value }[];
    ext?: { value: number; direction?: Value; uri: Value }[];
    rids?: { id: Value; direction: Value; params?: Value }[];
    simulcast?: { dir1: Value; list1: Value; dir2?: Value; list2?: Value };
    ssrcs?: { id: number; attribute: Value; value?: Value }[];
    ssrcGroups?: { semantics: Value; ssrcs: Value }[];
    msid?: { id: Value; appdata?: Value }[];
    candidates?: object[];
  }
  export interface ParsedSession extends ParsedAttributes {
    version?: Value;
    groups?: { type: Value; mids?: Value }[];
    media: ParsedMedia[];
  }
  /** Never throws: what it does not understand is left out. */
  export function parse(text: string): ParsedSession;
}
