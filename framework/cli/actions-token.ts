import { MargayError } from '../model/margay-error.ts';

const timeoutMs = 10_000;

/**
 * What asks GitHub for a fresh OIDC token, for a job with `id-token: write`; `undefined` anywhere else.
 *
 * @param audience - Whom the token is to be for.
 */
export function actionsToken(env: NodeJS.ProcessEnv, audience: string): (() => Promise<string>) | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = env;
  if (!url || !secret || !URL.canParse(url)) return undefined;
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  return async () => {
    const headers = { authorization: `Bearer ${secret}`, accept: 'application/json' };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(asked, { headers, signal, redirect: 'error' });
      const { value } = (response.ok ? await response.json() : {}) as { readonly value?: unknown };
      if (typeof value === 'string') return value;
      throw new Error(`it answers ${response.status}`);
    } catch (cause) {
      throw new MargayError('CLI_OIDC_FAILED', `GitHub gives no OIDC token: ${(cause as Error).message}.`, {
        hint: "Give the job 'permissions: id-token: write', or set MARGAY_TOKEN.",
        cause,
      });
    }
  };
}
