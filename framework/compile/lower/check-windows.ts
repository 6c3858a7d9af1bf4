import { formatDuration } from '../../model/duration.ts';
import { standardTables } from '../../model/standard-tables.ts';
import type { TableUse } from '../../sql/index.ts';
import type { QueryDraft } from './check-sql.ts';
import type { DetectionDraft } from './draft-detection.ts';
import { type RunIntervals, runIntervals } from './run-intervals.ts';

/** What else is scheduled, and who makes the matches that a query reads. */
interface Surroundings {
  readonly queries: readonly QueryDraft[];
  readonly detections: readonly DetectionDraft[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Logs are sent in batches: what happened is known this much later at best. */
const leastLagMs = minuteMs;

/**
 * Findings about what falls between the runs of a query, or is in several of them.
 *
 * A run at `S` reads the half-open window `[S − window, S)` and starts at `S + settle`. Between two runs lies the
 * schedule's interval (of a cron expression: the longest), so an event is sure to be seen by some run when it arrives
 * no later than `window + settle − interval` after it happened.
 */
export function checkWindows(query: QueryDraft, around: Surroundings): void {
  if (!query.isSound || query.report.isFlawed('schedule') || query.report.isFlawed('settle')) return;
  const intervals = runIntervals(query.data.schedule);
  for (const use of query.checked.lineage.uses) {
    findGap(query, use, intervals, around);
    findRepeatedMatches(query, use, around);
  }
}

/** Whether something that a run of the query has read can be read by a later run again. */
export function readsTwice({ data, checked }: QueryDraft): boolean {
  const { shortestMs } = runIntervals(data.schedule);
  return checked.lineage.uses.some(
    ({ givesRows, window }) => givesRows && (window === undefined || window.windowMs > shortestMs),
  );
}

/** A window of rows that come once; of tables that hold the latest state of something nothing is missed. */
function findGap(query: QueryDraft, use: TableUse, { longestMs }: RunIntervals, around: Surroundings): void {
  const { window, givesRows, table } = use;
  const isState = standardTables.some(({ name, replaces }) => name === table && replaces);
  if (!window || !givesRows || isState) return;
  const { settle } = query.data;
  const { lagMs, because } = lagOf(use, around);
  const toleratedMs = window.windowMs + settle - longestMs;
  if (window.windowMs >= longestMs && toleratedMs >= lagMs) return;
  const runs = `The query runs every ${formatDuration(longestMs)}${query.data.schedule.cron === undefined ? '' : ' at the longest'}`;
  const reads = `reads ${formatDuration(window.windowMs)} of ${table}`;
  const gap =
    window.windowMs < longestMs
      ? `what happens in the ${formatDuration(longestMs - window.windowMs)} between is never read`
      : `what arrives ${toleratedMs > 0 ? `more than ${formatDuration(toleratedMs)} late` : 'late'} is never read${because}`;
  query.report.addFinding('COMPILE_WINDOW_GAP', ['query'], `${runs} and ${reads}: ${gap}.`, {
    hint: `Write p_occurs_since('${formatDuration(roundUp(longestMs + lagMs))}')${
      window.windowMs < longestMs
        ? ''
        : `, or 'settle: ${formatDuration(roundUp(longestMs + lagMs - window.windowMs))}'`
    }.`,
    offset: window.offset,
  });
}

/** Matches of a scheduled detection have the scheduled time, and are there when its query has settled and run. */
function lagOf(
  { detections: ids }: TableUse,
  around: Surroundings,
): { readonly lagMs: number; readonly because: string } {
  const settles = ids.flatMap((id) => scheduledBy(id, around)?.data.settle ?? []);
  const settleMs = Math.max(0, ...settles);
  if (settleMs === 0) return { lagMs: leastLagMs, because: '' };
  const named = ids.filter((id) => scheduledBy(id, around)?.data.settle === settleMs).map((id) => `'${id}'`);
  return {
    lagMs: settleMs + leastLagMs,
    because: `, and the matches of ${named.join(', ')} come ${formatDuration(settleMs)} after their time`,
  };
}

/** Every run of a scheduled detection records what its query returns, the same rows as the run before too. */
function findRepeatedMatches(query: QueryDraft, use: TableUse, around: Surroundings): void {
  if (use.table !== 'rule_matches') return;
  const repeating = use.detections.flatMap((id) => {
    const source = scheduledBy(id, around);
    return source?.isSound && readsTwice(source) ? [{ id, source }] : [];
  });
  const [first] = repeating;
  if (!first) return;
  const { shortestMs } = runIntervals(first.source.data.schedule);
  const windowMs = Math.max(0, ...first.source.checked.windowsMs);
  const span = windowMs === 0 ? 'all of time' : formatDuration(windowMs);
  for (const { name, offset } of use.counts) {
    const call = name === 'count_star' ? 'count(*)' : `${name}()`;
    query.report.addFinding(
      'COMPILE_MATCHES_REPEATED',
      ['query'],
      `${call} counts what '${first.id}' found once for each run: its query runs every ${formatDuration(shortestMs)} over ${span}, and each run records a match for every row.`,
      { hint: 'Write count(DISTINCT p_dedup), or count the matches that its query reads.', offset },
    );
  }
}

function scheduledBy(id: string, { detections, queries }: Surroundings): QueryDraft | undefined {
  const source = detections.find((detection) => detection.id === id)?.source;
  return source?.kind === 'query' ? queries.find((query) => query.id === source.query) : undefined;
}

/** To what `formatDuration` shows whole. */
function roundUp(durationMs: number): number {
  const unitMs = durationMs < 24 * hourMs ? minuteMs : hourMs;
  return Math.ceil(durationMs / unitMs) * unitMs;
}
