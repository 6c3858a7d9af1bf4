import type { Scope } from '../../model/caller.ts';
import { MargayError } from '../../model/margay-error.ts';

/** Refuses what the caller's token may not. @throws API_SCOPE_MISSING */
export function requireScope(scopes: readonly Scope[], scope: Scope, what: string): void {
  if (scopes.includes(scope)) return;
  throw new MargayError('API_SCOPE_MISSING', `The token lacks the scope '${scope}', which it takes ${what}.`, {
    hint: 'Ask without it, or use a token that has the scope.',
  });
}
