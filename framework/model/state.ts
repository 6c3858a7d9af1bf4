import type { Row } from './table.ts';

/** The kinds of state, one key space each. */
export type Space =
  | 'position' // consumer → log position
  | 'window' // first id, stage, dedup → alert windows of event detections
  | 'firing' // first id, stage → keys firing of a scheduled detection
  | 'trouble' // kind, subject → trouble that lasts and its alert
  | 'alert' // alert id → alert
  | 'match' // match id, rule error id → seen
  | 'ledger' // query id, scheduled time → run
  | 'backfill' // backfill id → backfill
  | 'outbox' // notification id, destination → delivery
  | 'bundle' // digest → envelope
  | 'channel' // 'live' → digest and serial; past/serial → activation
  | 'rollout' // first id → what alerts while a new version is tried, and how that goes
  | 'tombstone' // kind, id → what was removed, when and by whom
  | 'mute' // rule id, dedup key → until when, why and by whom
  | 'quarantine' // rule id → version and reason
  | 'part' // Parquet file → manifest entry
  | 'spent' // digest of an OIDC token's id → when it may be forgotten, in ms
  | 'token' // token id → name, scopes and hash
  | 'archive' // log type, '' for all → since when the archive is complete
  | 'expired'; // table → what retention has removed from it

/** A value in a space. Values are JSON. */
export interface StateEntry<T = unknown> {
  readonly key: string;
  readonly value: T;
}

/** What one transaction does: all of it, durably, or nothing. */
export interface Changes {
  readonly put?: readonly { readonly space: Space; readonly key: string; readonly value: unknown }[];
  readonly remove?: readonly { readonly space: Space; readonly key: string }[];
  /** Compare-and-swap: the transaction fails unless the key holds this value (`undefined`: no value). */
  readonly expect?: readonly { readonly space: Space; readonly key: string; readonly value: unknown }[];
  /** Rows for the lake's tables, recorded in the same transaction. */
  readonly rows?: readonly { readonly table: string; readonly rows: readonly Row[] }[];
}

/** The writer's state: positions, windows, ledger, outbox, bundles. One writer. */
export interface State {
  get<T>(space: Space, key: string): Promise<T | undefined>;
  getMany<T>(space: Space, keys: readonly string[]): Promise<ReadonlyMap<string, T>>;
  /** In key order. */
  list<T>(
    space: Space,
    options?: { readonly prefix?: string; readonly limit?: number },
  ): Promise<readonly StateEntry<T>[]>;
  /** @throws STATE_CONFLICT when an expectation fails; nothing is changed then. */
  commit(changes: Changes): Promise<void>;
}
