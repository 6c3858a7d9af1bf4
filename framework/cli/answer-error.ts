import { type ErrorCode, errorCodes } from '../model/error-codes.ts';
import { MargayError } from '../model/margay-error.ts';
import { isRecord } from '../model/path.ts';
import type { ProblemResponse } from '../runtime/api/index.ts';

/** What an answer said besides its body; kept as the `cause` of its error. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';
  readonly status: number;
  /** The `Retry-After` header in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(response: Response) {
    super(`${response.status} ${response.statusText}`);
    this.status = response.status;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds) * 1_000 : undefined;
  }
}

/** The error behind a refusal: the runtime's own code, message, hint and problems. */
export async function answerError(url: string, response: Response): Promise<MargayError> {
  const cause = new RefusedAnswer(response);
  const body = parseProblem(await response.text().catch(() => ''));
  if (!body) return foreignAnswerError(`${url} answers ${cause.message}, and not as a Margay runtime would.`, cause);
  return problemError(body, cause);
}

/** A refusal as an error. */
export function problemError(body: ProblemResponse, cause?: RefusedAnswer): MargayError {
  const hint =
    body.hint ??
    (body.status === 401 ? 'Put the token of the runtime into MARGAY_TOKEN, or use --token-file.' : undefined);
  const { problems } = body;
  if (isKnownCode(body.code)) return new MargayError(body.code, body.detail, { hint, problems, cause });
  // A newer runtime may know codes that this version does not.
  return new MargayError('CLI_RUNTIME_ANSWER_INVALID', `${body.detail} (${body.code})`, { hint, problems, cause });
}

/** The error when something else answers: a proxy, another server. */
export function foreignAnswerError(message: string, cause: unknown): MargayError {
  const hint = 'Check --url (or MARGAY_URL), and any proxy in between.';
  return new MargayError('CLI_RUNTIME_ANSWER_INVALID', message, { hint, cause });
}

/** The error when nothing answers, or the connection breaks. */
export function unreachableError(url: string, cause: unknown): MargayError {
  const reason = connectionCode(cause);
  return new MargayError('CLI_RUNTIME_UNREACHABLE', `No runtime answers at ${url}${reason ? ` (${reason})` : ''}.`, {
    hint: "Start one with 'margay run', or name another with --url or MARGAY_URL.",
    cause,
  });
}

/** `ECONNREFUSED`, `ENOTFOUND`, …, wherever fetch put it. */
export function connectionCode(cause: unknown): string | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code;
  }
  return undefined;
}

function parseProblem(text: string): ProblemResponse | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) && typeof body.code === 'string' && typeof body.detail === 'string'
      ? (body as unknown as ProblemResponse)
      : undefined;
  } catch {
    return undefined;
  }
}

function isKnownCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}
