import type { Alert, AlertStatus } from '../../model/alert.ts';
import type { Backfill } from '../../model/backfill.ts';
import type { BacktestLine } from '../../model/backtest.ts';
import type { BundleEnvelope } from '../../model/bundle.ts';
import type { Caller } from '../../model/caller.ts';
import type { DeliveryFilter, DeliveryList, DeliveryReport } from '../../model/delivery.ts';
import type { Expired, QueryResult } from '../../model/lake.ts';
import type { Level } from '../../model/level.ts';
import type { Position } from '../../model/log-record.ts';
import type { Problem } from '../../model/margay-error.ts';
import type { Mute } from '../../model/mute.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { RebuildLine, RebuildRequest } from '../../model/rebuild.ts';
import type { Stage } from '../../model/rule-match.ts';
import type { ChannelServices, LiveBundle, PublishRequest, PublishResponse } from './channel-services.ts';
import type { BackfillList, BackfillRequest, BacktestRequest, StopBackfillRequest } from './history-services.ts';
import type { RolloutServices } from './rollout-services.ts';
import type { SearchServices } from './search-services.ts';

/**
 * What the API offers, as plain functions: the routes check and parse, the services do. A service reports what
 * the caller did wrong as a MargayError.
 *
 * Responses are these types as JSON. Times are milliseconds since the epoch where the name ends in `Ms`.
 */
export interface ApiServices extends SearchServices, ChannelServices, RolloutServices {
  /**
   * `POST /v1/logs/:logType`: resolves once the batch is durable.
   *
   * @throws API_LOG_TYPE_UNKNOWN, API_BATCH_TOO_LONG
   */
  ingest(batch: IncomingBatch): Promise<IngestResponse>;
  /**
   * `PUT /v1/bundles`: verifies a bundle, tries its tests, and activates it.
   *
   * @throws API_CHANNEL_FROZEN, API_SERIAL_CONFLICT, COMPILE_BUNDLE_DIGEST, COMPILE_BUNDLE_INVALID,
   * API_REMOVALS_REFUSED, API_SECRETS_MISSING, API_ID_REUSED, API_BUNDLE_TESTS_FAILED
   */
  publish(request: PublishRequest & { readonly actor: string }): Promise<PublishResponse>;
  /** `GET /v1/bundles/live` */
  live(): Promise<LiveBundle>;
  /** `GET /v1/bundles/:digest`: one that is or was live. @throws API_BUNDLE_UNKNOWN */
  bundle(digest: string): Promise<BundleEnvelope>;
  /** `GET /v1/alerts`, newest first. */
  alerts(filter: AlertFilter): Promise<AlertList>;
  /** `GET /v1/alerts/:id`; a unique prefix of an id, of at least 8 digits, is enough. @throws API_ALERT_UNKNOWN */
  alert(alertId: string): Promise<AlertDetail>;
  /** `GET /v1/deliveries`: what changed last comes first. */
  deliveries(filter: DeliveryFilter): Promise<DeliveryList>;
  /** `POST /v1/deliveries/replay`: tries failed deliveries again, with all their attempts. @throws DELIVER_NOT_FAILED */
  replay(request: ReplayRequest & { readonly actor: string }): Promise<ReplayResponse>;
  /** `POST /v1/quarantine/lift`: lets a stopped detection run again. @throws API_QUARANTINE_UNKNOWN */
  liftQuarantine(request: LiftRequest & { readonly actor: string }): Promise<LiftResponse>;
  /** `POST /v1/query`: checks and runs one SELECT, with the clock at now. @throws API_QUERY_INVALID, LAKE_QUERY_TIMEOUT */
  query(request: QueryRequest & { readonly signal: AbortSignal }): Promise<QueryResult>;
  /**
   * `POST /v1/lake/rebuilds`: derives events again from the raw archive. The lines of the answer as they come, the
   * report last.
   *
   * @throws API_LOG_TYPE_UNKNOWN, API_SCOPE_MISSING, RUNTIME_REBUILD_BUSY, RUNTIME_REBUILD_OUTDATED,
   * RUNTIME_REBUILD_UNCOVERED, ARCHIVE_CORRUPT
   */
  rebuild(request: RebuildRequest & Caller & { readonly signal: AbortSignal }): AsyncIterable<RebuildLine>;
  /**
   * `POST /v1/backtests`: tries a detection over history. The lines of the answer as they come, the report last.
   *
   * @throws API_DETECTION_UNKNOWN, API_SCOPE_MISSING, API_BACKTEST_REFUSED, RUNTIME_NOTHING_LIVE, RUNTIME_TRIAL_FAILED
   */
  backtest(request: BacktestRequest & Caller & { readonly signal: AbortSignal }): AsyncIterable<BacktestLine>;
  /**
   * `POST /v1/backfills`: starts writing the matches of a live detection over history, or goes on with it.
   *
   * @throws API_DETECTION_UNKNOWN, API_BACKTEST_REFUSED
   */
  startBackfill(request: BackfillRequest & { readonly actor: string }): Promise<Backfill>;
  /** `POST /v1/backfills/stop`: resolves when it has stopped; it can go on. @throws API_BACKFILL_UNKNOWN */
  stopBackfill(request: StopBackfillRequest & { readonly actor: string }): Promise<Backfill>;
  /** `GET /v1/backfills`, newest first. */
  backfills(): Promise<BackfillList>;
  /** `POST /v1/queries/runs`: resolves when the run has ended. @throws API_QUERY_UNKNOWN */
  startRun(request: StartRunRequest & { readonly actor: string }): Promise<QueryRun>;
  /** `GET /v1/queries/runs`, newest first, at most 100. @throws API_QUERY_UNKNOWN */
  runs(queryId?: string): Promise<RunList>;
  /** `GET /v1/status` */
  status(): Promise<StatusReport>;
  /** `GET /metrics`, in Prometheus' text format. */
  metrics(): Promise<string>;
}

/** A batch as it came in. */
export interface IncomingBatch {
  readonly logType: string;
  /** The `Idempotency-Key` header; absent: a new one, which the response header names. */
  readonly key: string;
  /** The `X-Margay-Source` header; `''` when absent. */
  readonly source: string;
  /** Decompressed. */
  readonly body: Uint8Array;
}

/** The answer to a batch: it is durable, and will be processed exactly once. */
export interface IngestResponse {
  readonly accepted: true;
  readonly position: Position;
  /** `true`: the key was seen before; nothing was added. */
  readonly duplicate: boolean;
}

/** Which alerts to list. Absent: all. */
export interface AlertFilter {
  /** @defaultValue 50, at most 1,000 */
  readonly limit: number;
  /** One level, or one and above: `high+`. */
  readonly level?: Level | `${Level}+` | undefined;
  readonly ruleId?: string | undefined;
  readonly status?: AlertStatus | undefined;
  /** @defaultValue 'live' */
  readonly stage?: Stage | undefined;
}

/** Alerts, newest first. */
export interface AlertList {
  readonly alerts: readonly Alert[];
  /** `true`: there are more than `limit`. */
  readonly truncated: boolean;
}

/** One alert with what it stands on and where it went. */
export interface AlertDetail {
  readonly alert: Alert;
  /** Its first matches, at most 5. */
  readonly evidence: readonly AlertEvidence[];
  readonly deliveries: readonly DeliveryReport[];
}

/** A match of an alert. */
export interface AlertEvidence {
  readonly eventTimeMs: number;
  readonly title: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** The event, or the row of the scheduled query. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** Which failed deliveries to try again: one by its key, or every one. */
export type ReplayRequest = { readonly key: string } | { readonly all: true };

/** The answer to a replay. */
export interface ReplayResponse {
  /** Deliveries that are pending again. */
  readonly replayed: number;
}

/** A detection to let run again. */
export interface LiftRequest {
  readonly ruleId: string;
}

/** The answer to a lift: the detection and the version of it that was stopped. */
export interface LiftResponse {
  readonly ruleId: string;
  readonly version: string;
}

/** SQL to run. */
export interface QueryRequest {
  readonly sql: string;
  /** @defaultValue 1000, at most 100,000 */
  readonly maxRows: number;
}

/** A run of a scheduled query to start by hand. */
export interface StartRunRequest {
  readonly query: string;
  /** The run's SQL clock, ISO 8601. @defaultValue now */
  readonly scheduledAt?: string | undefined;
}

/** Runs, newest first. */
export interface RunList {
  readonly runs: readonly QueryRun[];
}

/** How the runtime is. */
export interface StatusReport {
  /** The version of Margay. */
  readonly version: string;
  readonly startedAtMs: number;
  readonly live: LiveBundle;
  readonly log: { readonly end: Position };
  readonly consumers: readonly ConsumerStatus[];
  readonly queries: readonly QueryStatus[];
  /** Log types that were ever received, or that have `silentAfter`; by name. */
  readonly logTypes: readonly LogTypeStatus[];
  /** Detections that were stopped because they hung, or took the worker down. */
  readonly quarantined: readonly QuarantinedRule[];
  /** Whose alerts are not delivered. */
  readonly mutes: readonly Mute[];
  /** Detections whose functions failed since what is live went live, and how often. */
  readonly ruleErrors: readonly RuleErrorCount[];
  readonly deliveries: { readonly pending: number; readonly failed: number };
  readonly deadLetterCount: number;
  /** What retention has removed so far, by table. */
  readonly expired: readonly Expired[];
  readonly missingSecrets: readonly string[];
}

/** Who reads the log, and how far. */
export interface ConsumerStatus {
  readonly name: string;
  readonly position: Position;
  /** It has read to the end. */
  readonly idle: boolean;
  /** Why it cannot go on, and tries again; `null`: it goes on. */
  readonly stalledBy: string | null;
}

/** How often the functions of one version of a detection failed. */
export interface RuleErrorCount {
  readonly ruleId: string;
  readonly version: string;
  readonly count: number;
}

/** A detection that is stopped. */
export interface QuarantinedRule {
  readonly ruleId: string;
  readonly version: string;
  readonly reason: string;
  readonly quarantinedAtMs: number;
}

/** When one log type was last received. */
export interface LogTypeStatus {
  readonly logType: string;
  /** `null`: nothing of it was ever accepted. */
  readonly lastReceivedAtMs: number | null;
  /** `null`: it may be silent for as long as it likes. */
  readonly silentAfterMs: number | null;
  /** Since when it is silent; `null` while it is not. */
  readonly silentSinceMs: number | null;
}

/** How one scheduled query stands. */
export interface QueryStatus {
  readonly queryId: string;
  readonly nextAtMs: number | null;
  readonly lastRun: QueryRun | null;
}

/** The body of every error response, `application/problem+json` (RFC 9457). */
export interface ProblemResponse {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  /** The message. */
  readonly detail: string;
  /** An error code of this or a later version. */
  readonly code: string;
  readonly hint?: string | undefined;
  /** Every problem behind it, when there is more than one. */
  readonly problems?: readonly Problem[] | undefined;
}
