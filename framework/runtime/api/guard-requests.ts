import { createHash, timingSafeEqual } from 'node:crypto';
import { scopes as allScopes, type Caller, type Scope } from '../../model/caller.ts';
import { MargayError } from '../../model/margay-error.ts';
import { isLoopback, withoutPort } from './loopback.ts';

/** The headers that decide whether a request is let in. */
export interface GuardedHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly authorization?: string | undefined;
}

/** Who a bearer token belongs to; `undefined` when to nobody. May also throw why it is refused. */
export type Identify = (token: string) => Promise<Caller | undefined>;

/** What a guard knows. */
export interface GuardOptions {
  /** What the API listens on. */
  readonly host: string;
  /** The token with every scope. Without one, whoever asks without a token has every scope. */
  readonly token: string | undefined;
  readonly identify: Identify;
}

/**
 * Makes the check that every request passes first, and that says who asks.
 *
 * A web page must not get at a runtime on the machine of whoever looks at it. So a loopback runtime answers to
 * loopback names only (a foreign name can be made to lead here: DNS rebinding), and no runtime answers to pages of
 * another origin.
 *
 * @throws API_HOST_REFUSED, API_TOKEN_WRONG
 */
export function createGuard({ host, token, identify }: GuardOptions) {
  const expected = token === undefined ? undefined : digestOf(token);
  return async (headers: GuardedHeaders, ip: string): Promise<Caller> => {
    checkHost(host, headers);
    const anyone: Caller = { actor: `api ${ip}`, scopes: allScopes };
    if (headers.authorization === undefined) {
      if (!expected) return anyone;
      throw tokenWrong('has no bearer token');
    }
    const bearer = bearerOf(headers.authorization);
    // A token that nobody knows is not taken for none: its owner believes to be somebody else.
    if (expected && timingSafeEqual(expected, digestOf(bearer))) return { ...anyone, actor: 'token MARGAY_TOKEN' };
    const caller = bearer === '' ? undefined : await identify(bearer);
    if (!caller) throw tokenWrong('has a wrong, expired or revoked bearer token');
    return caller;
  };
}

/** @throws API_HOST_REFUSED */
export function checkHost(host: string, headers: GuardedHeaders): void {
  const authority = headers.host ?? '';
  if (isLoopback(host) && !isLoopback(withoutPort(authority))) {
    throw refused(`This runtime does not serve the host '${authority}'.`);
  }
  if (headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') !== authority) {
    throw refused(`This runtime does not serve pages of '${headers.origin}'.`);
  }
}

/** Refuses a caller who has none of the scopes. @throws API_SCOPE_MISSING */
export function checkScopes({ scopes }: Caller, needed: readonly Scope[] = ['admin']): void {
  if (needed.some((scope) => scopes.includes(scope))) return;
  const wanted = needed.map((scope) => `'${scope}'`).join(' or ');
  throw new MargayError('API_SCOPE_MISSING', `The token lacks the scope ${wanted}, which this request takes.`, {
    hint: "Use another token; 'margay token create' makes one.",
  });
}

/** Digests have the same length whatever the texts, so that comparing them takes the same time. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function bearerOf(authorization: string): string {
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

function tokenWrong(found: string): MargayError {
  return new MargayError('API_TOKEN_WRONG', `The request ${found}.`, {
    hint: "Send 'Authorization: Bearer …' with a token of this runtime: see 'margay token --help'.",
  });
}

function refused(message: string): MargayError {
  return new MargayError('API_HOST_REFUSED', message, {
    hint: 'Ask it under the address that it listens on, and not from a web page.',
  });
}
