import { printCondition } from '../../../match/index.ts';
import type { Detection } from '../../../model/detection.ts';
import type { LogType } from '../../../model/log-type.ts';
import { parsePath } from '../../../model/path.ts';
import { quoteName, quoteText, quoteTime } from '../../../model/quote-sql.ts';
import type { ReadBoundsByTable } from '../../../model/read-bounds.ts';
import { eventTable } from '../../../model/standard-tables.ts';
import type { Column, Table } from '../../../model/table.ts';
import { parseTemplate, templatePaths } from '../../../model/template.ts';
import type { HistoryInput } from '../../detect/index.ts';
import { type Side, sides } from './trial-message.ts';

/** A half-open interval of event time, in milliseconds. */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What is read of the tables of a detection, and who decides which rows match. */
export interface ScanPlan {
  readonly scans: readonly TableScan[];
  /** `true`: the conditions are exact as SQL, so that they are not asked again. */
  readonly isExact: boolean;
  /** `true`: there is no code that decides after them. */
  readonly isDecided: boolean;
}

/** One read of one table, for both logics at once. */
export interface TableScan {
  readonly logType: string;
  readonly table: Table;
  /** Rows as `r` (JSON), and per logic whether its condition lets the row through, as `before` and `after`. */
  readonly sql: string;
  /** Counts by `day`: `both`, `only_before`, `only_after`. */
  readonly countSql: string;
  readonly bounds: ReadBoundsByTable;
}

/** What a scan is for. */
export interface ScanInput {
  readonly detections: Readonly<Partial<Record<Side, Detection>>>;
  /** Those that are live: history is as they made it. */
  readonly logTypes: ReadonlyMap<string, LogType>;
  readonly window: Window;
  /** What is to be known of a match: of `all`, whole events are read, whoever decides. */
  readonly keep: HistoryInput['keep'];
}

/**
 * Plans one scan per table for both logics. Where their conditions are exact as SQL, the lake decides them. Rows have
 * the columns that a match is made of and that code is known to read; whole events where that is not known.
 */
export function planScan({ detections, logTypes, window, keep }: ScanInput): ScanPlan {
  const tried = sides.flatMap((side) => detections[side] ?? []);
  const read = [...logTypes.values()]
    .filter((logType) => tried.some((detection) => reads(detection, logType)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const isExact = tried.every(({ condition }) => {
    return !condition || read.every((logType) => printCondition(condition, logType).isExact);
  });
  const isKnown = keep !== 'all' && tried.every((detection) => detection.functions.length === 0 || detection.reads);
  return {
    isExact,
    isDecided: isExact && tried.every(({ functions }) => functions.length === 0),
    scans: read.map((logType) => {
      const columns = isKnown ? neededColumns(tried, logType, keep, isExact) : eventTable(logType).columns;
      return planTable(logType, detections, window, columns);
    }),
  };
}

function reads(detection: Detection | undefined, logType: LogType): boolean {
  return detection?.source.kind === 'events' && detection.source.logTypes.includes(logType.name);
}

function planTable(
  logType: LogType,
  detections: ScanInput['detections'],
  { fromMs, untilMs }: Window,
  columns: readonly Column[],
): TableScan {
  const table = eventTable(logType);
  const [before, after] = sides.map((side) => conditionOf(detections[side], logType));
  const inWindow = `p_event_time >= ${quoteTime(fromMs)} AND p_event_time < ${quoteTime(untilMs)}`;
  const flagged = `SELECT *, ${before} AS margay_before, ${after} AS margay_after FROM ${quoteName(table.name)} WHERE ${inWindow}`;
  const isCandidate = 'WHERE margay_before OR margay_after';
  return {
    logType: logType.name,
    table,
    bounds: new Map([[table.name, { fromMs, untilMs }]]),
    sql: `SELECT ${rowJson(columns)} AS r, margay_before AS "before", margay_after AS "after" FROM (${flagged}) ${isCandidate}`,
    countSql: `SELECT strftime(p_event_time, '%Y-%m-%d') AS day,
      count(*) FILTER (margay_before AND margay_after) AS "both",
      count(*) FILTER (margay_before AND NOT margay_after) AS only_before,
      count(*) FILTER (margay_after AND NOT margay_before) AS only_after
      FROM (${flagged}) ${isCandidate} GROUP BY ALL ORDER BY day`,
  };
}

function conditionOf(detection: Detection | undefined, logType: LogType): string {
  if (!detection || !reads(detection, logType)) return 'false';
  return detection.condition ? `(${printCondition(detection.condition, logType).sql})` : 'true';
}

/** What describes a match, what code reads, and what a condition reads that is asked again. */
function neededColumns(
  detections: readonly Detection[],
  logType: LogType,
  keep: HistoryInput['keep'],
  isExact: boolean,
): readonly Column[] {
  const names = new Set(['p_log_type', 'p_event_time', 'p_parse_time', 'p_row_id', 'p_extra']);
  for (const detection of detections) {
    for (const path of pathsOf(detection, keep)) names.add(String(parsePath(path)[0]));
    for (const name of detection.reads ?? []) names.add(name);
    const { condition } = detection;
    if (condition && !isExact) for (const name of printCondition(condition, logType).columns) names.add(name);
  }
  return eventTable(logType).columns.filter(
    ({ name }) => names.has(name) || (keep !== 'keys' && name.startsWith('p_any_')),
  );
}

function pathsOf({ dedup, unique, context, alertTitle }: Detection, keep: HistoryInput['keep']): readonly string[] {
  const title = alertTitle === undefined ? [] : templatePaths(parseTemplate(alertTitle));
  const keys = [...dedup.by, ...(unique === undefined ? [] : [unique])];
  // Without fields to group by, the title is what groups.
  if (keep === 'keys') return dedup.by.length > 0 ? keys : [...keys, ...title];
  return [...keys, ...title, ...Object.values(context).flatMap(({ from }) => from ?? [])];
}

/** A row as JSON text, made by DuckDB with all its threads: taking values apart in JavaScript costs far more. */
function rowJson(columns: readonly Column[]): string {
  const fields = columns.map(({ name, type }) => {
    const value = type === 'TIMESTAMP' ? `strftime(${quoteName(name)}, '%Y-%m-%dT%H:%M:%S.%gZ')` : quoteName(name);
    return `${quoteText(name)}: ${value}`;
  });
  return `to_json({${fields.join(', ')}})::VARCHAR`;
}
