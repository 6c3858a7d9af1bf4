import type { ScheduledQuery } from '../../../model/scheduled-query.ts';
import { type DraftItem, testsWithoutPlaces } from './draft-item.ts';

/**
 * A scheduled query as a plan compares it. Its version is made of the SQL's tree and the schedule, which decides
 * what each run sees; the text is shown beside it, and alone it changes nothing.
 */
export function queryItem(query: ScheduledQuery): DraftItem {
  const { id, title, owners, where } = query;
  return {
    kind: 'query',
    id,
    aliases: [],
    title,
    owners,
    where,
    shown: { sql: query.sql },
    aspects: {
      logic: {
        version: query.version,
        schedule: query.schedule,
        columns: Object.fromEntries(query.columns.map(({ name, type }) => [name, type])),
      },
      routing: {
        settleMs: query.settleMs,
        timeoutMs: query.timeoutMs,
        maxRows: query.maxRows,
        catchUp: query.catchUp,
      },
      meta: {
        title,
        description: query.description,
        lookbackMs: query.lookbackMs,
        owners,
        tests: testsWithoutPlaces(query.tests),
      },
    },
  };
}
