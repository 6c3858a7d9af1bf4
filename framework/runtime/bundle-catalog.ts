import type { Bundle } from '../model/bundle.ts';
import type { Detection } from '../model/detection.ts';
import type { LogType } from '../model/log-type.ts';
import { lookupTable } from '../model/lookup.ts';
import type { ScheduledQuery } from '../model/scheduled-query.ts';
import { eventTable, standardTables } from '../model/standard-tables.ts';
import type { Table } from '../model/table.ts';

/** A bundle with look-ups by name: what the consumers and the API ask of it. */
export interface BundleCatalog {
  readonly digest: string;
  readonly bundle: Bundle;
  readonly logTypes: ReadonlyMap<string, LogType>;
  readonly detections: ReadonlyMap<string, Detection>;
  /** The same by `ruleKey`: of two versions that run side by side both. */
  readonly rules: ReadonlyMap<string, Detection>;
  /** Whether versions run that are not of this bundle. */
  readonly isSideBySide?: boolean | undefined;
  readonly queries: ReadonlyMap<string, ScheduledQuery>;
  /** Scheduled detections by the query they read. */
  readonly detectionsOfQuery: ReadonlyMap<string, readonly Detection[]>;
  /** Every table that SQL may read: the standard ones, one per log type, and the lookups. */
  readonly tables: readonly Table[];
}

/** Indexes a bundle. */
export function catalogBundle(digest: string, bundle: Bundle): BundleCatalog {
  const detectionsOfQuery = new Map<string, Detection[]>();
  for (const detection of bundle.detections) {
    if (detection.source.kind !== 'query' || detection.mode === 'off') continue;
    const known = detectionsOfQuery.get(detection.source.query);
    if (known) known.push(detection);
    else detectionsOfQuery.set(detection.source.query, [detection]);
  }
  const detections = new Map(bundle.detections.map((detection) => [detection.id, detection]));
  return {
    digest,
    bundle,
    logTypes: new Map(bundle.logTypes.map((logType) => [logType.name, logType])),
    ...{ detections, rules: detections },
    queries: new Map(bundle.queries.map((query) => [query.id, query])),
    detectionsOfQuery,
    tables: [...standardTables, ...bundle.lookups.map(lookupTable), ...bundle.logTypes.map(eventTable)],
  };
}
