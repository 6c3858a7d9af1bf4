import { STATUS_CODES } from 'node:http';
import { MargayError } from '../../model/margay-error.ts';
import type { ProblemResponse } from './api-services.ts';
import { statusOfCode } from './status-of-code.ts';

/** The media type of every error response. */
export const problemType = 'application/problem+json; charset=utf-8';

/** An error as the body of its response (RFC 9457). Never a stack, and nothing of an unexpected error. */
export function problemOf(error: MargayError): ProblemResponse {
  const status = statusOfCode(error.code);
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.problems.length === 0 ? {} : { problems: error.problems }),
  };
}

/** Anything thrown while a request was handled, as an error with a code. */
export function toMargayError(thrown: unknown): MargayError {
  if (thrown instanceof MargayError) return thrown;
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge('The body is larger than the limit.', thrown);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new MargayError('API_REQUEST_INVALID', `The request is malformed: ${message}.`, { cause: thrown });
  }
  return new MargayError('API_FAILED', 'The runtime failed to handle the request.', {
    hint: 'Its log says more. If nobody else has met this, please report it.',
    cause: thrown,
  });
}

/** The error for a body that is too large. */
export function bodyTooLarge(message: string, cause?: unknown): MargayError {
  return new MargayError('API_BODY_TOO_LARGE', message, {
    hint: "Send several smaller batches, as 'margay send' does.",
    cause,
  });
}
