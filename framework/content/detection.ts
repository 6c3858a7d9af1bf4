import type { CommonField } from '../model/common-fields.ts';
import type { DetectionFunction } from '../model/detection.ts';
import type { IndicatorKind, indicatorFields } from '../model/indicators.ts';
import type { Level } from '../model/level.ts';

/**
 * The log types of the repository, by name. Empty here; `.margay/types.d.ts`, which `margay types` writes,
 * declares each with its fields.
 */
// biome-ignore lint/suspicious/noEmptyInterface: augmented by the generated types.
export interface LogTypes {}

/**
 * The detections of the repository, by id: `event` (or `row`, for one over a scheduled query) and `context`.
 * Empty here; `.margay/types.d.ts` declares them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: augmented by the generated types.
export interface Detections {}

/** An event of a log type, for functions that detections share: `LogEvent<'Okta.SystemLog'>`. */
export type LogEvent<Name extends keyof LogTypes> = LogTypes[Name];

/** What a detection's functions receive: an event of its log types, or a row of its query. Deeply read-only. */
export type Input<Id extends keyof Detections> = Detections[Id] extends { readonly row: infer Row }
  ? Row
  : Detections[Id] extends { readonly event: infer Event }
    ? Event
    : never;

/** What a detection's `context` function returns: the columns that its YAML declares under `context`. */
export type Context<Id extends keyof Detections> = Detections[Id] extends { readonly context: infer Columns }
  ? Columns
  : never;

/** The common fields of an event, as `event.udm` holds them: those that its record has a value for. */
export type CommonFields = { readonly [Field in CommonField]?: string };

/** `p_any_…`: indicators found anywhere in an event, sorted, each once. Missing where there are none. */
type Indicators = { readonly [Kind in IndicatorKind as (typeof indicatorFields)[Kind]]?: readonly string[] };

/** The standard fields that every event has. */
export interface StandardFields<Name extends string = string> extends Indicators {
  readonly p_log_type: Name;
  /** When it happened: ISO 8601 with milliseconds, UTC. */
  readonly p_event_time: string;
  /** When it was received: ISO 8601 with milliseconds, UTC. */
  readonly p_parse_time: string;
  /** The same for a record that the vendor delivers twice. */
  readonly p_row_id: string;
  /** Who sent it, as named by the sender; `''` when unnamed. */
  readonly p_source: string;
  /** The common fields. */
  readonly udm: CommonFields;
}

/** What each function returns; `undefined` is "as the YAML says" for all but `rule`. */
interface FunctionResults<Id extends keyof Detections> {
  /** Whether the event matches. If the YAML has `detection:` too, both must hold, and this is asked second. */
  readonly rule: boolean;
  /** The title of the match, and of the alert that it opens. */
  readonly title: string | undefined;
  /** The dedup key: matches with the same one, within the period, are one alert. */
  readonly dedup: string | undefined;
  /** How bad this match is. */
  readonly level: Level | undefined;
  readonly description: string | undefined;
  readonly references: readonly string[] | undefined;
  readonly runbook: string | undefined;
  /** Names of destinations; `[]` records the alert and delivers it nowhere. */
  readonly destinations: readonly string[] | undefined;
  /** Columns of `p_alert_context`. Those that the YAML reads `from` a path may be left out. */
  readonly context: Context<Id> | undefined;
  /** The value whose distinct ones count towards `threshold`. */
  readonly unique: string | undefined;
}

/** The functions that a TypeScript detection may define, each over one event (or row). Pure, and not async. */
export type DetectionFunctions<Id extends keyof Detections> = {
  readonly [Name in DetectionFunction]?: (event: Input<Id>) => FunctionResults<Id>[Name];
};

/**
 * Declares a detection: `export default detection<'okta/admin-role-granted'>({ rule: … })`.
 *
 * The type argument is the detection's id, which types the event. It gives the functions back as they are;
 * the compiler reads which there are, so that they stand in the call itself.
 */
export function detection<Id extends keyof Detections = never>(
  functions: DetectionFunctions<NoInfer<Id>>,
): DetectionFunctions<Id> {
  return functions;
}
