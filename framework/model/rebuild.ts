/** Days of a log type to derive again, UTC, both included: `2026-01-31`. */
export interface RebuildRequest {
  readonly logType: string;
  readonly from: string;
  /** @defaultValue all that follow */
  readonly to?: string | undefined;
}

/** What a rebuild says while it runs, and at last. */
export type RebuildLine =
  | {
      readonly kind: 'progress';
      /** The day of receipt that is being read. */
      readonly day: string;
      readonly batchCount: number;
      readonly eventCount: number;
    }
  | { readonly kind: 'report'; readonly report: RebuildReport };

/** What a rebuild did. */
export interface RebuildReport {
  readonly logType: string;
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
  /** Days, by event time, that have rows of it now. */
  readonly days: readonly string[];
  /** The first and the last day of receipt that the archive has batches of; `null`: it has none of this log type. */
  readonly archived: { readonly from: string; readonly to: string } | null;
  /** Batches of the archive that were read. */
  readonly batchCount: number;
  /** Rows that were written. */
  readonly rowCount: number;
  /** Rows of these days that were there before. */
  readonly replacedCount: number;
  /** Of those, the ones whose record the log type refuses now. */
  readonly goneCount: number;
  /** Records that the log type refuses; each is a dead letter. */
  readonly refusedCount: number;
}
