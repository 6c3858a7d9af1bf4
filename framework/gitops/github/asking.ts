import { MargayError } from '../../model/margay-error.ts';

const attempts = 3;

/**
 * What GitHub answers, or what it refused in words of ours. Neither the request nor its token becomes part of the error.
 *
 * @throws GITHUB_TOKEN_REFUSED, GITHUB_FORBIDDEN, GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw inOurWords(what, error);
  }
}

/** What is found, and otherwise what is answered when nothing is there (404). */
export async function askingFor<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw inOurWords(what, error);
  }
}

/**
 * Makes what is not there yet. When an answer gets lost, it looks before it makes it again, so that nothing is there
 * twice.
 */
export async function createOnce<T>(
  what: string,
  find: () => Promise<T | undefined>,
  create: () => Promise<T>,
): Promise<{ readonly value: T; readonly isNew: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    const known = await asking(what, find);
    if (known !== undefined) return { value: known, isNew: attempt > 1 };
    try {
      return { value: await create(), isNew: true };
    } catch (error) {
      if (attempt === attempts || !isLost(error)) throw inOurWords(what, error);
    }
  }
}

/** Changes what is there; to do so twice is to do it once. */
export async function update<T>(what: string, change: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change();
    } catch (error) {
      if (attempt === attempts || !isLost(error)) throw inOurWords(what, error);
    }
  }
}

/** Whether it is unknown what became of a request. */
export function isLost(error: unknown): boolean {
  return (statusOf(error) ?? 500) >= 500;
}

function statusOf(error: unknown): number | undefined {
  return (error as { status?: number }).status;
}

function inOurWords(what: string, error: unknown): unknown {
  if (error instanceof MargayError) return error;
  const status = statusOf(error);
  if (status === undefined) return error;
  const words = sayWhy(error);
  if (status === 401) {
    return new MargayError('GITHUB_TOKEN_REFUSED', `GitHub does not accept the token for ${what}.`, {
      hint: 'Is it expired? It comes from GITHUB_TOKEN, or else GH_TOKEN.',
    });
  }
  if (status === 403) {
    return new MargayError('GITHUB_FORBIDDEN', `The token may not ${what}: ${words}`, {
      hint: 'Give the job the permission, or run it with another token; a pull request from a fork can only read.',
    });
  }
  if (status >= 500) {
    return new MargayError('GITHUB_UNREACHABLE', `GitHub does not ${what} (${status}).`, {
      hint: 'Run it again; what is there already is not made twice.',
    });
  }
  return new MargayError('GITHUB_REFUSED', `GitHub does not ${what} (${status}): ${words}`);
}

function sayWhy(error: unknown): string {
  const { response } = error as { response?: { data?: { message?: unknown; errors?: readonly unknown[] } } };
  const { message = 'no reason is given', errors = [] } = response?.data ?? {};
  const more = errors.map((it) => (typeof it === 'string' ? it : ((it as { message?: string })?.message ?? '')));
  return [String(message), ...more].filter(Boolean).join('; ');
}
