import type { Detection } from '../../../model/detection.ts';
import type { ScheduledQuery } from '../../../model/scheduled-query.ts';
import { checkQuery, type QueryLineage } from '../../../sql/index.ts';
import type { BundleCatalog } from '../../bundle-catalog.ts';
import { type BacktestPlan, sameDetection } from './plan-backtest.ts';
import { type BySide, type Side, sides } from './trial-message.ts';

/** A scheduled query that reads matches which are tried, as each side has it. */
export interface DownstreamQuery {
  readonly queryId: string;
  readonly queries: BySide<ScheduledQuery>;
  /** The scheduled detections that read it. */
  readonly detections: readonly BySide<Detection>[];
  /** Whether it reads whole events of matches. */
  readonly readsEvents: boolean;
  /** What it reads that a trial does not make: `alerts`, `rule_errors`, `p_alert_id`. */
  readonly untried: readonly string[];
}

/**
 * The scheduled queries that a change of the detection's matches reaches, by lineage: those that read its matches, and
 * those that read matches of scheduled detections over them. Each comes after all that it depends on.
 */
export async function findDownstream(plan: BacktestPlan): Promise<readonly DownstreamQuery[]> {
  const { source } = plan.after;
  const own = source.kind === 'query' ? source.query : undefined;
  const readings = (await readingsOf(catalogsOf(plan))).filter(({ query }) => query.queryId !== own);
  const reached = new Map<string, Reading>();
  let ids = idsOf([{ before: plan.before, after: plan.after }]);
  while (ids.size > 0) {
    const found = readings.filter((reading) => !reached.has(reading.query.queryId) && readsAny(reading, ids));
    for (const reading of found) reached.set(reading.query.queryId, reading);
    ids = idsOf(found.flatMap(({ query }) => query.detections));
  }
  return inOrder([...reached.values()]).map(({ query }) => query);
}

/** The bundles of both sides; without a comparison there is one. */
function catalogsOf({ live, tried, request }: BacktestPlan): BySide<BundleCatalog> {
  return request.against === 'live' ? { before: live, after: tried } : { after: tried };
}

interface Reading {
  readonly query: DownstreamQuery;
  /** The detections that each use of their tables is narrowed to; empty: any. */
  readonly uses: readonly (readonly string[])[];
}

const tablesOfDetections = ['rule_matches', 'alerts', 'rule_errors'];

/** The queries that read what detections made, by id. */
async function readingsOf(catalogs: BySide<BundleCatalog>): Promise<readonly Reading[]> {
  const ids = new Set(sides.flatMap((side) => [...(catalogs[side]?.queries.keys() ?? [])]));
  const readings: Reading[] = [];
  for (const queryId of [...ids].sort()) {
    const lineages: QueryLineage[] = [];
    const queries: Partial<Record<Side, ScheduledQuery>> = {};
    for (const side of sides) {
      const catalog = catalogs[side];
      const query = catalog?.queries.get(queryId);
      if (!catalog || !query) continue;
      queries[side] = query;
      if (query.tables.some((table) => tablesOfDetections.includes(table))) {
        lineages.push(await lineageOf(query, catalog));
      }
    }
    if (lineages.length === 0) continue;
    const uses = lineages.flatMap((lineage) => lineage.uses.filter(({ table }) => tablesOfDetections.includes(table)));
    const fields = lineages.flatMap((lineage) => lineage.reads.filter(({ table }) => table === 'rule_matches'));
    const columns = new Set(fields.map(({ column }) => column));
    const untried = [...uses.map(({ table }) => table), ...columns].filter((name) => untriedNames.includes(name));
    const query: DownstreamQuery = {
      ...{ queryId, queries, detections: readersOf(catalogs, queryId) },
      readsEvents: columns.has('p_event'),
      untried: [...new Set(untried)].sort(),
    };
    readings.push({ query, uses: uses.map(({ detections }) => detections) });
  }
  return readings;
}

const untriedNames = ['alerts', 'rule_errors', 'p_alert_id'];

async function lineageOf(query: ScheduledQuery, { tables, detections }: BundleCatalog): Promise<QueryLineage> {
  const contexts = new Map([...detections.values()].map(({ id, context }) => [id, context]));
  return (await checkQuery(query.sql, { tables, contexts })).lineage;
}

/** The detections over a query, the same one of both sides together. */
function readersOf({ before, after }: BySide<BundleCatalog>, queryId: string): readonly BySide<Detection>[] {
  const ofAfter = after?.detectionsOfQuery.get(queryId) ?? [];
  const ofBefore = before?.detectionsOfQuery.get(queryId) ?? [];
  const known = new Set(ofAfter.map(({ firstId }) => firstId));
  return [
    ...ofAfter.map((detection) => {
      const same = before && sameDetection(before, detection);
      return same && ofBefore.includes(same) ? { before: same, after: detection } : { after: detection };
    }),
    ...ofBefore.filter(({ firstId }) => !known.has(firstId)).map((detection) => ({ before: detection })),
  ];
}

function idsOf(detections: readonly BySide<Detection>[]): ReadonlySet<string> {
  return new Set(detections.flatMap((one) => sides.flatMap((side) => one[side]?.id ?? [])));
}

function readsAny({ uses }: Reading, ids: ReadonlySet<string>): boolean {
  return uses.some((detections) => detections.length === 0 || detections.some((id) => ids.has(id)));
}

/** Each after those that feed it; of those that feed each other the first by id begins. */
function inOrder(readings: readonly Reading[]): readonly Reading[] {
  const waiting = [...readings].sort((a, b) => (a.query.queryId < b.query.queryId ? -1 : 1));
  const ordered: Reading[] = [];
  while (waiting.length > 0) {
    const isFed = (reading: Reading): boolean =>
      waiting.some((other) => other !== reading && readsAny(reading, idsOf(other.query.detections)));
    const index = Math.max(
      waiting.findIndex((reading) => !isFed(reading)),
      0,
    );
    ordered.push(...waiting.splice(index, 1));
  }
  return ordered;
}
