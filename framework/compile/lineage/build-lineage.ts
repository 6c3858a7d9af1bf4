import type { Bundle } from '../../model/bundle.ts';
import { formatDuration } from '../../model/duration.ts';
import type { LineageEdge, LineageGraph, LineageKind, LineageNode } from '../../model/lineage.ts';
import { lookupTable } from '../../model/lookup.ts';
import type { Schedule } from '../../model/scheduled-query.ts';
import { eventTable, standardTables } from '../../model/standard-tables.ts';
import { checkQuery } from '../../sql/index.ts';
import { destinationEdges, sourceEdges } from './detection-edges.ts';
import { queryEdges } from './query-edges.ts';

/**
 * The lineage of a bundle, columns included: what is compiled and what a runtime runs can be asked alike. SQL is
 * analysed anew, from its AST; conditions, templates and context columns say which fields they read. What TypeScript
 * reads is not known by field: it reads `*`.
 */
export async function buildLineage(bundle: Bundle): Promise<LineageGraph> {
  const tables = [...standardTables, ...bundle.logTypes.map(eventTable), ...bundle.lookups.map(lookupTable)];
  const contexts = new Map(bundle.detections.map(({ id, context }) => [id, context]));
  const ofQueries = await Promise.all(
    bundle.queries.map(async (query) => {
      const { lineage } = await checkQuery(query.sql, { tables, contexts });
      return queryEdges(query.id, lineage, bundle);
    }),
  );
  const edges = [
    ...bundle.detections.flatMap(sourceEdges),
    ...ofQueries.flat(),
    ...bundle.detections.flatMap((detection) => destinationEdges(detection, bundle.routing)),
  ];
  return { nodes: nodesOf(bundle, edges), edges };
}

/** The key of a node. */
export function nodeKey(kind: LineageKind, name: string): string {
  return `${kind}:${name}`;
}

function nodesOf(bundle: Bundle, edges: readonly LineageEdge[]): readonly LineageNode[] {
  const node = (kind: LineageKind, name: string, note: string): LineageNode => ({
    key: nodeKey(kind, name),
    kind,
    name,
    note,
  });
  const used = new Set(edges.map(({ from }) => from));
  return [
    ...bundle.logTypes.map(({ name }) => node('log-type', name, '')),
    ...bundle.lookups.map(({ id, rows }) => node('lookup', id, `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`)),
    ...standardTables.filter(({ name }) => used.has(nodeKey('table', name))).map(({ name }) => node('table', name, '')),
    ...bundle.detections.map(({ id, level, mode }) =>
      node('detection', id, mode === 'live' ? level : `${level}, ${mode}`),
    ),
    ...bundle.queries.map(({ id, schedule }) => node('query', id, describe(schedule))),
    ...bundle.routing.destinations.map(({ name, type }) => node('destination', name, type)),
  ];
}

function describe(schedule: Schedule): string {
  return 'cron' in schedule ? schedule.cron : `every ${formatDuration(schedule.everyMs)}`;
}
