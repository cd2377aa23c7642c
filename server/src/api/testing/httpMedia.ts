/** Asking for WHIP and WHEP as encoders and players do, which send SDP and no JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorBody, VideoGrant } from '@parley/protocol';
import { JOIN, type Claims, type RealHarness } from './RealHarness.ts';

/** The offer of an encoder, as it wrote it. */
export const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../media/sdp/fixtures', `${name}.sdp`), 'utf8');
export const OFFER = fixture('obs');
export const SDP = 'application/sdp';
export const FRAGMENT = 'application/trickle-ice-sdpfrag';

export interface Asked {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  body?: string;
  type?: string | null;
  video?: VideoGrant | null;
  claims?: Claims;
  headers?: Record<string, string>;
  token?: string;
  /** Seconds for which the token is valid. */
  expiresIn?: number;
}

/** Asks with the token of an encoder that may join `demo`, unless told otherwise. */
export async function askFor(harness: RealHarness, url: string, asked: Asked = {}) {
  const { method = 'POST', body = OFFER, type = SDP, video = JOIN, headers = {} } = asked;
  const token = asked.token ?? (video === null ? undefined : tokenOf(harness, video, asked));
  const hasBody = method === 'POST' || method === 'PATCH';
  const answer = await harness.app.inject({
    ...{ method, url },
    headers: {
      host: 'meet.test',
      ...(hasBody && type !== null && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(hasBody && body !== '' && { payload: body }),
  });
  const isJson = /json/.test(String(answer.headers['content-type']));
  const code = isJson ? answer.json<ErrorBody>().error.code : undefined;
  return { status: answer.statusCode, code, headers: answer.headers, body: answer.body };
}

const tokenOf = ({ tokens }: RealHarness, video: VideoGrant, { claims, expiresIn = 60 }: Asked): string =>
  tokens.sign({ sub: 'obs', name: 'Stage', video, ...claims }, expiresIn);
