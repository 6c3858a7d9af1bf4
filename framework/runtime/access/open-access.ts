import type { Caller } from '../../model/caller.ts';
import type { Clock } from '../../model/clock.ts';
import type { State } from '../../model/state.ts';
import type { Trust } from '../../model/trust.ts';
import { openOidc } from './open-oidc.ts';
import { openTokens, type Tokens } from './open-tokens.ts';

/** Who may ask a runtime. */
export interface Access {
  readonly tokens: Tokens;
  /** Whose token it is; `undefined` when nobody's. @throws ACCESS_OIDC_REFUSED, ACCESS_OIDC_KEYS_MISSING */
  identify(token: string): Promise<Caller | undefined>;
}

/** Opens tokens and, where one is trusted, an identity provider. */
export async function openAccess(state: State, clock: Clock, { github }: Trust): Promise<Access> {
  const tokens = await openTokens(state, clock);
  const oidc = github && (await openOidc({ state, clock, github }));
  const isJwt = (token: string): boolean => token.split('.', 4).length === 3;
  return { tokens, identify: async (token) => (oidc && isJwt(token) ? oidc.identify(token) : tokens.identify(token)) };
}
