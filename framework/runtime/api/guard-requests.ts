import { createHash, timingSafeEqual } from 'node:crypto';
import { MargayError } from '../../model/margay-error.ts';
import { isLoopback, withoutPort } from './loopback.ts';

/** The headers that decide whether a request is let in. */
export interface GuardedHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly authorization?: string | undefined;
}

/**
 * Makes the check that every request passes first.
 *
 * A web page must not get at a runtime on the machine of whoever looks at it. So a loopback runtime answers to
 * loopback names only (a foreign name can be made to lead here: DNS rebinding), and no runtime answers to pages of
 * another origin.
 *
 * @param host - What the API listens on.
 * @throws API_HOST_REFUSED, API_TOKEN_WRONG
 */
export function createGuard(host: string, token: string | undefined) {
  const expected = token === undefined ? undefined : digestOf(token);
  return (headers: GuardedHeaders, isOpen: boolean): void => {
    const authority = headers.host ?? '';
    if (isLoopback(host) && !isLoopback(withoutPort(authority))) {
      throw refused(`This runtime does not serve the host '${authority}'.`);
    }
    if (headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') !== authority) {
      throw refused(`This runtime does not serve pages of '${headers.origin}'.`);
    }
    if (expected && !isOpen && !timingSafeEqual(expected, digestOf(bearerOf(headers.authorization)))) {
      const found = headers.authorization === undefined ? 'has no bearer token' : 'has a wrong bearer token';
      throw new MargayError('API_TOKEN_WRONG', `The request ${found}.`, {
        hint: "Send 'Authorization: Bearer …' with the token that the runtime was started with.",
      });
    }
  };
}

/** Digests have the same length whatever the texts, so that comparing them takes the same time. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function bearerOf(authorization = ''): string {
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

function refused(message: string): MargayError {
  return new MargayError('API_HOST_REFUSED', message, {
    hint: 'Ask it under the address that it listens on, and not from a web page.',
  });
}
