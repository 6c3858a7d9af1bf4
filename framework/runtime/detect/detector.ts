import type { Bundle } from '../../model/bundle.ts';
import type { Clock } from '../../model/clock.ts';
import type { DeadLetter } from '../../model/event.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import type { RuleError, RuleMatch, Stage } from '../../model/rule-match.ts';
import type { Row } from '../../model/table.ts';

/** What a detector needs. */
export interface DetectorOptions {
  readonly bundle: Bundle;
  /** Detections that do not run: rule id → the version that was stopped. Another version runs again. */
  readonly quarantined?: ReadonlyMap<string, string> | undefined;
  readonly clock: Clock;
  /** A condition or function that takes longer than this, twice, hangs. @defaultValue 1000 */
  readonly hangMs?: number | undefined;
  /** The heap of the worker. @defaultValue 1024 */
  readonly maxHeapMb?: number | undefined;
}

/** Evaluates a bundle's detections in a guarded worker. */
export interface Detector {
  /**
   * The matches of one batch, in the order of its events. Batches are evaluated in the order of the calls; many
   * may be on their way. An event that comes twice in a batch is one match.
   *
   * A batch that cannot be evaluated at all comes back as one dead letter.
   *
   * @param options.only - Evaluates these detections alone, those with `mode: off` included.
   * @throws DETECT_DETECTION_UNKNOWN, DETECT_WORKER_DIED, DETECT_CLOSED
   */
  processBatch(batch: BatchRecord, options?: { readonly only?: readonly string[] | undefined }): Promise<DetectResult>;
  /**
   * The matches of one scheduled detection over the rows of a run of its query. Rows with equal key columns
   * (`dedup.by`, else all) are one match, the first that matches.
   *
   * @throws DETECT_DETECTION_UNKNOWN, DETECT_EVALUATION_FAILED, DETECT_WORKER_DIED, DETECT_CLOSED
   */
  processRows(input: RowsInput): Promise<DetectResult>;
  /**
   * The matches of one detection, `mode: off` or not, over events that the lake holds. Nothing is written anywhere.
   *
   * @throws DETECT_DETECTION_UNKNOWN, DETECT_EVALUATION_FAILED, DETECT_WORKER_DIED, DETECT_CLOSED
   */
  processHistory(input: HistoryInput): Promise<DetectResult>;
  /** Takes no more requests, waits for the results of those under way, and ends the worker. */
  close(): Promise<void>;
}

/** The rows of a run of a scheduled query, for one of the detections that read it. */
export interface RowsInput {
  readonly queryId: string;
  readonly detectionId: string;
  /** Of two versions that run side by side the one meant. */
  readonly stage?: Stage | undefined;
  readonly scheduledAtMs: number;
  readonly rows: readonly Row[];
}

/** Events of the lake, for one detection that reads them. */
export interface HistoryInput {
  readonly detectionId: string;
  readonly logType: string;
  /** What makes this request another than any before. */
  readonly key: string;
  /** JSON: an array of rows of the log type's table, times as ISO 8601. What is not read may be missing. */
  readonly rowsJson: string;
  /** What of a match is sent back: `keys` leaves out everything that neither counts nor groups it. */
  readonly keep: 'keys' | 'values' | 'all';
}

/** What a batch, or the rows of a query, gave. */
export interface DetectResult {
  readonly matches: readonly RuleMatch[];
  /** At most ten of the same rule, function and class; the tenth says how many more there were. */
  readonly errors: readonly RuleError[];
  /** All errors, those left out of {@link errors} too. */
  readonly errorCounts: readonly ErrorCount[];
  readonly deadLetters: readonly DeadLetter[];
  /** Events (or rows) that were read. */
  readonly eventCount: number;
  /** Detections that were stopped while this was evaluated; in {@link stopped} as well. */
  readonly quarantined: readonly QuarantinedDetection[];
  /**
   * Ids of the detections that should have been evaluated and were not, or not to the end, because they are
   * quarantined: what is missing here says nothing about them.
   */
  readonly stopped: readonly string[];
}

/** How often a function of a detection failed in one way. */
export interface ErrorCount {
  readonly ruleId: string;
  readonly functionName: string;
  readonly errorClass: string;
  readonly count: number;
}

/** A detection that was stopped because it hung, or took the worker down. */
export interface QuarantinedDetection {
  readonly ruleId: string;
  readonly version: string;
  readonly reason: string;
  readonly quarantinedAtMs: number;
}
