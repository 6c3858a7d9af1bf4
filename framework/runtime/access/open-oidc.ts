import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Caller } from '../../model/caller.ts';
import type { Clock } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import { sha256Digest } from '../../model/stable-id.ts';
import type { State } from '../../model/state.ts';
import type { GithubTrust } from '../../model/trust.ts';

/** What checks the tokens of an identity provider. */
export interface Oidc {
  /**
   * Who a token vouches for. Each token is good for one request.
   *
   * @throws ACCESS_OIDC_REFUSED with the claim that is not as it should be.
   * @throws ACCESS_OIDC_KEYS_MISSING when the keys of the issuer cannot be had.
   */
  identify(token: string): Promise<Caller>;
}

/** What it needs. */
export interface OidcOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly github: GithubTrust;
}

const maxTokenCharacters = 8_192;
const maxAgeSeconds = 600;
const toleranceSeconds = 30;

/** Opens the check of GitHub's tokens. What was used is kept in State space `spent`, so that a restart forgets none. */
export async function openOidc({ state, clock, github }: OidcOptions): Promise<Oidc> {
  const entries = await state.list<number>('spent');
  const spent = new Map(entries.map(({ key, value }) => [key, value]));
  const keys = keysOf(github);

  /** Synchronous up to the note in memory, so that of two requests at once one is refused. */
  const spend = async (jti: string, untilMs: number): Promise<void> => {
    const key = sha256Digest(jti);
    if (spent.has(key)) throw refused("'jti' was used before");
    const old = [...spent].filter(([, endMs]) => endMs < clock.now()).map(([other]) => other);
    for (const other of old) spent.delete(other);
    spent.set(key, untilMs);
    await state.commit({
      put: [{ space: 'spent', key, value: untilMs }],
      remove: old.map((other) => ({ space: 'spent', key: other })),
    });
  };

  return {
    identify: async (token) => {
      if (token.length > maxTokenCharacters) throw refused(`it has more than ${maxTokenCharacters} characters`);
      const claims = await verify(token, keys, github, clock);
      checkClaims(claims, github);
      const { jti, exp = 0, iat = 0, sha, repository, run_id: run } = claims;
      if (typeof jti !== 'string' || jti === '') throw refused("'jti' is missing");
      if (typeof sha !== 'string' || !/^[0-9a-f]{40,64}$/.test(sha)) throw refused("'sha' is no commit");
      const endSeconds = Math.min(exp, iat + maxAgeSeconds) + 2 * toleranceSeconds;
      await spend(jti, endSeconds * 1_000);
      const name = typeof repository === 'string' ? repository : `repository ${github.repositoryId}`;
      return { actor: `github ${name} run ${String(run ?? '?')}`.slice(0, 300), scopes: ['publish'], commit: sha };
    },
  };
}

async function verify(token: string, keys: JWTVerifyGetKey, github: GithubTrust, clock: Clock): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer: github.issuer, audience: github.audience, algorithms: ['RS256'] },
      ...{ maxTokenAge: maxAgeSeconds, clockTolerance: toleranceSeconds, currentDate: new Date(clock.now()) },
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    return payload;
  } catch (error) {
    throw explain(error, github.issuer);
  }
}

/** Compared whole, each. `sub` joins several of these in a form that has changed, so nothing is read out of it. */
function checkClaims(claims: JWTPayload, github: GithubTrust): void {
  const expected: Readonly<Record<string, readonly string[]>> = {
    repository_id: [github.repositoryId],
    repository_owner_id: [github.repositoryOwnerId],
    ref: [github.ref],
    environment: [github.environment],
    job_workflow_ref: [github.jobWorkflowRef],
    event_name: github.eventNames,
  };
  const wrong = Object.entries(expected).flatMap(([claim, wanted]) => {
    const found = claims[claim];
    if (typeof found === 'string' && wanted.includes(found)) return [];
    const what = found === undefined ? 'is missing' : `is ${JSON.stringify(found).slice(0, 200)}`;
    return [`'${claim}' ${what}, and ${wanted.map((text) => `'${text}'`).join(' or ')} was expected`];
  });
  if (wrong.length > 0) throw refused(wrong.join('; '));
}

function keysOf({ issuer, jwks }: GithubTrust): JWTVerifyGetKey {
  if (jwks) return createLocalJWKSet({ keys: jwks.keys.map((key) => ({ kty: '', ...key })) });
  const url = new URL(`${issuer.replace(/\/+$/, '')}/.well-known/jwks`);
  return createRemoteJWKSet(url, { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 });
}

/** Nothing of the token goes into a message, but names of claims. */
function explain(error: unknown, issuer: string): MargayError {
  if (error instanceof errors.JWTExpired) return refused(`'${error.claim}' says that it has expired`);
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(`'${error.claim}' is missing or not as expected`);
  if (error instanceof errors.JOSEAlgNotAllowed) return refused("'alg' is not RS256");
  if (error instanceof errors.JWKSNoMatchingKey) return refused(`'kid' names no key of ${issuer}`);
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature is wrong');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return refused('it is no signed JWT');
  return new MargayError(
    'ACCESS_OIDC_KEYS_MISSING',
    `The keys of ${issuer} cannot be had, so its tokens are refused.`,
    {
      hint: "See whether the runtime reaches it, or pin its keys in the trust file as 'jwks'.",
      cause: error,
    },
  );
}

function refused(reason: string): MargayError {
  return new MargayError('ACCESS_OIDC_REFUSED', `The OIDC token is refused: ${reason}.`, {
    hint: "Ask GitHub for a fresh one for each request, and see 'github' in the runtime's trust file.",
  });
}
