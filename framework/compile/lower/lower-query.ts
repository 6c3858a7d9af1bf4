import { canonicalJson } from '../../model/canonical-json.ts';
import type { ContentTest } from '../../model/content-test.ts';
import type { Schedule, ScheduledQuery } from '../../model/scheduled-query.ts';
import { sha256Digest } from '../../model/stable-id.ts';
import type { QueryContent } from '../schema/query-schema.ts';
import type { QueryDraft } from './check-sql.ts';

/** The query as a bundle holds it. */
export function lowerQuery(
  { id, data, report, checked }: QueryDraft,
  tests: readonly ContentTest[],
  logTypes: readonly string[],
): ScheduledQuery {
  const schedule = lowerSchedule(data.schedule);
  return {
    id,
    title: data.title,
    description: data.description ?? '',
    sql: checked.sql,
    schedule,
    ...(data.lookback === undefined ? {} : { lookbackMs: data.lookback }),
    settleMs: data.settle,
    catchUp: data.catchUp,
    timeoutMs: data.timeout,
    maxRows: data.maxRows,
    owners: data.owners,
    columns: checked.columns,
    tables: checked.tables,
    logTypes,
    tests,
    version: sha256Digest(canonicalJson({ sql: checked.digest, schedule })),
    where: report.where([]),
  };
}

function lowerSchedule(schedule: QueryContent['schedule']): Schedule {
  return schedule.cron === undefined ? { everyMs: schedule.every as number } : { cron: schedule.cron };
}
