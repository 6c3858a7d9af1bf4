/**
 * `running` goes on by itself, also after a restart. `stopped` and `failed` go on when the same is asked for again.
 */
export type BackfillStatus = 'running' | 'stopped' | 'failed' | 'done';

/** Matches of a live detection written for history: what the state holds, and the API shows. */
export interface Backfill {
  readonly backfillId: string;
  readonly ruleId: string;
  readonly ruleVersion: string;
  /** Half-open: `until` is not in it. ISO 8601. */
  readonly window: { readonly from: string; readonly until: string };
  /** `true`: nothing is written, matches are counted. */
  readonly isDryRun: boolean;
  readonly status: BackfillStatus;
  /** Days of the window, UTC, and those that are done. */
  readonly days: { readonly done: number; readonly total: number };
  /** Matches that were written; of a dry run, that would be. */
  readonly written: number;
  /** Matches that were recorded before. */
  readonly known: number;
  /** How often a function of the detection failed since it was last started. */
  readonly errors: readonly { readonly functionName: string; readonly errorClass: string; readonly count: number }[];
  /** Why it failed or stopped. */
  readonly error: string | null;
  readonly actor: string;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
}
