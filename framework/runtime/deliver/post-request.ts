import { systemTimer } from '../../model/clock.ts';
import type { SendContext, SendResult } from './destination-plugin.ts';
import { parseRetryAfter } from './retry-delay.ts';

/** As much of an answer as is read: far more than is kept, so that no secret is cut in two where the reading ends. */
const maxAnswerBytes = 4_096;
/** Answers of 4xx that may be different next time. */
const transientStatuses = [408, 425, 429];

/** A request to post. */
export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Posts once. 2xx is sent; 5xx, 408, 425, 429, a timeout and no connection are worth another attempt; everything else,
 * a redirect too, is permanent: what follows a redirect might not be who should read alerts.
 */
export async function postRequest(request: PostRequest, context: SendContext): Promise<SendResult> {
  if (!isWebAddress(request.url)) {
    return failed('DELIVER_SETTING_INVALID', 'The address is not an http or https address without a user in it.', true);
  }
  const aborting = new AbortController();
  const cancelTimer = systemTimer(context.timeoutMs, () => aborting.abort());
  try {
    const response = await context.fetch(request.url, {
      method: 'POST',
      headers: { 'user-agent': 'margay', ...request.headers },
      body: request.body,
      redirect: 'manual',
      signal: aborting.signal,
    });
    return await judge(response, context);
  } catch (error) {
    if (aborting.signal.aborted) return failed('DELIVER_TIMEOUT', `No answer within ${context.timeoutMs} ms.`, false);
    return failed('DELIVER_UNREACHABLE', connectionTrouble(error), false);
  } finally {
    cancelTimer();
  }
}

async function judge(response: Response, { clock }: SendContext): Promise<SendResult> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    await response.body?.cancel();
    return { kind: 'sent' };
  }
  const answer = await readStart(response);
  const reason = `HTTP ${status}${answer ? `: ${answer}` : ''}`;
  if (status >= 500 || transientStatuses.includes(status)) {
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), clock.now());
    return { ...failed('DELIVER_UNAVAILABLE', reason, false), retryAfterMs };
  }
  if (status >= 300 && status < 400)
    return failed('DELIVER_REFUSED', `HTTP ${status}: redirects are not followed.`, true);
  return failed('DELIVER_REFUSED', reason, true);
}

function failed(code: (SendResult & { kind: 'failed' })['code'], reason: string, isPermanent: boolean) {
  return { kind: 'failed', code, reason, isPermanent } as const;
}

/** The first bytes of an answer; a sender of more is cut off. */
async function readStart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part?.value && size < maxAnswerBytes; part = await reader?.read()) {
      chunks.push(part.value);
      size += part.value.byteLength;
    }
    await reader?.cancel();
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8').trim();
}

function isWebAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

function connectionTrouble(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? `${String(cause.code)} ` : '';
  return `${code}${cause instanceof Error ? cause.message : String(cause)}`.trim();
}
