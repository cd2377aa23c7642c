import { randomInt } from 'node:crypto';
import { ALLOW, EXTENSIONS } from '../agent/Core.ts';
import { contactOf } from '../agent/stamp.ts';
import { findDescription } from '../message/body.ts';
import type { Headers } from '../message/Headers.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import type { AnswerContext } from './ChangeContext.ts';
import { answerExpires, isTooShort, writeSessionExpires, type SessionExpires } from './sessionExpires.ts';

const SUPPORTED = EXTENSIONS.join(', ');

/** Fields of a 2xx to INVITE or UPDATE. */
export function headersOfOk(
  conversation: AnswerContext,
  timer: SessionExpires | undefined,
): Record<string, string | undefined> {
  const { flow, contactUser } = conversation.link;
  return {
    Contact: contactOf(flow, contactUser),
    Allow: ALLOW,
    Supported: SUPPORTED,
    'Session-Expires': timer && writeSessionExpires(timer),
    Require: timer?.refresher === 'uac' ? 'timer' : undefined,
  };
}

/** Why a change cannot be dealt with now, answered already; false where it can. */
function isRefused(conversation: AnswerContext, transaction: ServerTransaction): boolean {
  const { offers, settings } = conversation;
  const { request } = transaction;
  const { sdp, isUnderstood } = findDescription(request);
  const isOffer = sdp !== undefined || request.method === 'INVITE';
  if (!isUnderstood) conversation.reply(transaction, 415, { headers: { Accept: 'application/sdp' } });
  // Glare (RFC 3261, section 14.2; RFC 3311, section 5.2).
  else if (isOffer && offers.ours) conversation.reply(transaction, 491);
  else if (isOffer && offers.theirs)
    conversation.reply(transaction, 500, { headers: { 'Retry-After': String(randomInt(1, 11)) } });
  else if (isTooShort(request.headers, settings))
    conversation.reply(transaction, 422, { headers: { 'Min-SE': String(settings.least) } });
  else return false;
  return true;
}

/** A re-INVITE: another address, hold, or only a sign of life (RFC 3261, section 14.2). Without an offer it gets one. */
export function answerInvite(conversation: AnswerContext, transaction: ServerTransaction): void {
  if (isRefused(conversation, transaction)) return;
  const { offers, link } = conversation;
  const { request } = transaction;
  const { sdp } = findDescription(request);
  const body = sdp === undefined ? offers.offer() : offers.answer(sdp);
  if (body === undefined) return conversation.reply(transaction, 488);
  link.dialog.refreshTarget(request);
  conversation.learn(request);
  const headers = headersOfOk(conversation, restartTimer(conversation, request.headers));
  conversation.replyOk(transaction, { headers, body }, { offered: sdp === undefined });
  if (sdp !== undefined) conversation.agreed();
}

/** UPDATE (RFC 3311): the same without ACK, and while the call is not taken yet, too. */
export function answerUpdate(conversation: AnswerContext, transaction: ServerTransaction): void {
  if (isRefused(conversation, transaction)) return;
  const { offers, link } = conversation;
  const { request } = transaction;
  const { sdp } = findDescription(request);
  const body = sdp === undefined ? undefined : offers.answer(sdp);
  if (sdp !== undefined && body === undefined) return conversation.reply(transaction, 488);
  link.dialog.refreshTarget(request);
  conversation.learn(request);
  const timer = conversation.timer.interval > 0 ? restartTimer(conversation, request.headers) : undefined;
  conversation.reply(transaction, 200, { headers: headersOfOk(conversation, timer), body });
  if (sdp !== undefined) conversation.agreed();
}

function restartTimer(conversation: AnswerContext, headers: Headers): SessionExpires | undefined {
  const agreed = answerExpires(headers, conversation.settings);
  conversation.startTimer(agreed, 'uas');
  return agreed;
}
