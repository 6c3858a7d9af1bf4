import type { ScheduledQuery } from '../../../model/scheduled-query.ts';
import type { BundleCatalog } from '../../bundle-catalog.ts';
import { tablesNamed } from '../../run-query.ts';

/** The tables of queries that the live bundle does not have: there is no history of them. */
export function missingTables(
  live: BundleCatalog,
  queries: Readonly<Record<string, ScheduledQuery | undefined>>,
): readonly string[] {
  const names = new Set(Object.values(queries).flatMap((query) => query?.tables ?? []));
  const known = new Set(tablesNamed(live, [...names]).map(({ name }) => name));
  return [...names].filter((name) => !known.has(name)).sort();
}

/** Whether two queries give the same rows of the same tables. */
export function givesTheSameRows(a: ScheduledQuery, b: ScheduledQuery): boolean {
  return a.sql === b.sql && a.maxRows === b.maxRows;
}
