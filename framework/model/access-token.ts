import type { Scope } from './caller.ts';

/** A token of a runtime, without its secret. */
export interface AccessToken {
  readonly id: string;
  /** Unique among the tokens that are there. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
  readonly createdAtMs: number;
  /** `null`: never. */
  readonly expiresAtMs: number | null;
  /** To the hour; `null`: not yet. */
  readonly lastUsedAtMs: number | null;
}

/** A token that somebody wants. */
export interface TokenRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** In milliseconds from now. Absent: it does not expire. */
  readonly lifetimeMs?: number | undefined;
}

/** A token that was just made. */
export interface CreatedToken extends AccessToken {
  /** The secret: shown this once, and kept nowhere. */
  readonly token: string;
}

/** The tokens of a runtime, by name. */
export interface TokenList {
  readonly tokens: readonly AccessToken[];
}
