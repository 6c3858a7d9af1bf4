import type { AccessToken, CreatedToken, TokenList, TokenRequest } from '../../model/access-token.ts';
import type { Caller } from '../../model/caller.ts';
import type { SearchedType, SearchResult } from '../../model/search.ts';

/** What finds things in all log types, what takes everything along, and who may ask. */
export interface SearchServices {
  /**
   * `POST /v1/search`: the events and matches that mention an indicator. Needs the scope `read`.
   *
   * @throws API_SCOPE_MISSING, API_INDICATOR_INVALID, API_LOG_TYPE_UNKNOWN, API_REQUEST_INVALID, LAKE_QUERY_TIMEOUT
   */
  search(request: SearchRequest & Caller & { readonly signal: AbortSignal }): Promise<SearchResult>;
  /**
   * `POST /v1/backups`: a tar archive of all that the runtime keeps, as it is now. Needs the scope `admin`. What it holds
   * is let go when the archive has been read, or the signal aborts.
   *
   * @throws API_SCOPE_MISSING
   */
  backup(request: Caller & { readonly signal: AbortSignal }): Promise<BackupStream>;
  /** `POST /v1/tokens`: a token, which the answer alone shows. @throws ACCESS_TOKEN_NAME_TAKEN */
  createToken(request: TokenRequest & { readonly actor: string }): Promise<CreatedToken>;
  /** `GET /v1/tokens` */
  tokens(): Promise<TokenList>;
  /** `POST /v1/tokens/revoke` @throws ACCESS_TOKEN_UNKNOWN */
  revokeToken(request: { readonly name: string; readonly actor: string }): Promise<AccessToken>;
}

/** What to look for, and where. */
export interface SearchRequest {
  /** A value, or a network such as `198.51.100.0/24`. */
  readonly indicator: string;
  /** @defaultValue an address is only that; any other value is whatever it has the form of */
  readonly type?: SearchedType | undefined;
  /** From this event time on: ISO 8601, or a duration before now. @defaultValue 24h */
  readonly since: string;
  /** Before this event time. @defaultValue without an end */
  readonly until?: string | undefined;
  /** @defaultValue all */
  readonly logTypes?: readonly string[] | undefined;
  /** How many events and how many matches are shown. @defaultValue 50, at most 1,000 */
  readonly limit: number;
}

/** A backup on its way. */
export interface BackupStream {
  /** About how much comes: the size of log and parts, without the state. */
  readonly totalBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}
