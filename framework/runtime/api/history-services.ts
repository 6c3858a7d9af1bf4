import type { Backfill } from '../../model/backfill.ts';
import type { BundleEnvelope } from '../../model/bundle.ts';

/** A detection to try over history. */
export interface BacktestRequest {
  /** The bundle that holds it. It need not be live, and does not become so. */
  readonly envelope: BundleEnvelope;
  readonly detectionId: string;
  /** @defaultValue 30, at most 400 */
  readonly days: number;
  /** The end of the window, ISO 8601. @defaultValue just after the last event came in */
  readonly until?: string | undefined;
  /** What it is compared with. @defaultValue `'live'` */
  readonly against: 'live' | 'none';
  /** Also gives the most frequent values. Needs the scope `read`. */
  readonly values: boolean;
  /** Also gives the first matches with their events. Needs the scope `read`. */
  readonly samples: boolean;
}

/** A live detection whose matches over history are to be written. */
export interface BackfillRequest {
  readonly detectionId: string;
  /** @defaultValue 30, at most 400 */
  readonly days: number;
  /** The end of the window, ISO 8601. @defaultValue just after the last event came in */
  readonly until?: string | undefined;
  /** Counts, and writes nothing. */
  readonly dryRun: boolean;
}

/** A backfill to stop. */
export interface StopBackfillRequest {
  readonly backfillId: string;
}

/** Backfills, newest first. */
export interface BackfillList {
  readonly backfills: readonly Backfill[];
}
