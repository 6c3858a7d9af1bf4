import { parseDuration } from '../../model/duration.ts';
import { type Expression, isQuery, type QueryNode, type TableRef } from '../ast/ast.ts';
import { tablesAskedForStage } from '../fold/hide-shadow.ts';
import { expressionsOf, selectsOf, textOf } from '../rules/checked-query.ts';
import { filteringTerms } from '../rules/filtering-terms.ts';
import { timeBoundOf } from '../rules/find-wide-reads.ts';
import type { BaseUse, Bindings } from '../scope/bound.ts';
import type { Report } from '../sql-problem.ts';
import type { TableUse } from './query-lineage.ts';

type Window = NonNullable<TableUse['window']>;

/** Aggregates whose result a row that comes twice changes. */
const counting = new Set(['count_star', 'count', 'count_if', 'sum', 'avg']);

/** The tables that a query reads, in the order of the text. */
export function tableUses(
  root: QueryNode,
  bindings: Bindings,
  detections: ReadonlyMap<BaseUse, ReadonlySet<string>>,
  report: Report,
): readonly TableUse[] {
  const rows = new Set<BaseUse>();
  addRowUses(root, bindings, rows);
  const windows = windowsOf(bindings, report);
  const counts = countsOf(bindings, report);
  const asking = tablesAskedForStage(bindings);
  const uses = [...bindings.sources.values()].flatMap(({ use }) => use ?? []);
  return [...new Set(uses)]
    .map(
      (use): TableUse => ({
        table: use.table.name,
        offset: report.offsetOf(use.ref),
        detections: [...(detections.get(use) ?? [])],
        givesRows: rows.has(use) && use.table.rows === undefined,
        seesShadow: asking.has(use.table.name),
        window: windows.get(use),
        counts: counts.get(use) ?? [],
      }),
    )
    .sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
}

function addRowUses(node: QueryNode, bindings: Bindings, found: Set<BaseUse>): void {
  if (node.type === 'SELECT_NODE') {
    addRowTables(node.from_table, bindings, found);
    return;
  }
  addRowUses(node.left, bindings, found);
  if (node.setop_type !== 'EXCEPT') addRowUses(node.right, bindings, found);
}

function addRowTables(from: TableRef, bindings: Bindings, found: Set<BaseUse>): void {
  if (from.type === 'JOIN') {
    addRowTables(from.left, bindings, found);
    if (from.join_type === 'INNER') addRowTables(from.right, bindings, found);
    return;
  }
  const source = bindings.sources.get(from);
  if (source?.use !== undefined) found.add(source.use);
  const inner = source?.query?.node ?? (from.type === 'SUBQUERY' ? from.subquery.node : undefined);
  if (inner !== undefined && isQuery(inner)) addRowUses(inner, bindings, found);
}

function windowsOf(bindings: Bindings, report: Report): ReadonlyMap<BaseUse, Window> {
  const windows = new Map<BaseUse, Window>();
  for (const select of selectsOf(bindings)) {
    for (const filtering of filteringTerms(select.node, bindings)) {
      const windowMs = windowOf(filtering.term);
      const use = windowMs === undefined ? undefined : timeBoundOf(filtering, select, bindings);
      if (windowMs === undefined || use === undefined) continue;
      const known = windows.get(use);
      if (known === undefined || windowMs < known.windowMs)
        windows.set(use, { windowMs, offset: report.offsetOf(filtering.term) });
    }
  }
  return windows;
}

function windowOf(term: Expression): number | undefined {
  if (term.class !== 'FUNCTION' || term.function_name !== 'p_occurs_since') return undefined;
  const text = textOf(term.children[0]);
  return text === undefined ? undefined : parseDuration(text);
}

function countsOf(bindings: Bindings, report: Report): ReadonlyMap<BaseUse, TableUse['counts']> {
  const counts = new Map<BaseUse, TableUse['counts']>();
  for (const { node, scope } of selectsOf(bindings)) {
    const calls = expressionsOf(node).flatMap((one) =>
      one.class === 'FUNCTION' && counting.has(one.function_name) && !one.distinct
        ? [{ name: one.function_name, offset: report.offsetOf(one) }]
        : [],
    );
    for (const { use } of scope.sources) if (use !== undefined) counts.set(use, calls);
  }
  return counts;
}
