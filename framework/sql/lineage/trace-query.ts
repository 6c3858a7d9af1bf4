import { type BoundSelect, clausesOf, expressionsOf, selectsOf } from '../rules/checked-query.ts';
import { detectionsOfUses } from '../rules/rule-references.ts';
import type { BaseUse, Bindings, BoundQuery } from '../scope/bound.ts';
import { columnOf } from '../scope/look-up.ts';
import type { Report } from '../sql-problem.ts';
import { expressionSources, outputSources, type Sources } from './expression-sources.ts';
import type { QueryLineage, SourceField } from './query-lineage.ts';
import { tableUses } from './table-uses.ts';

/** Follows every result column of a sound query back to the tables that it is read from. */
export function traceQuery(bindings: Bindings & { readonly root: BoundQuery }, report: Report): QueryLineage {
  const { root } = bindings;
  const detections = detectionsOfUses(bindings);
  const columns = root.outputs.flatMap((output, index) => {
    if (output.name === undefined) return [];
    const { fields, aggregates, readsClock } = outputSources(output, index, root, bindings);
    return [{ name: output.name, from: distinct(fields, detections), aggregates, readsClock }];
  });
  const all = selectsOf(bindings).flatMap((select) => [
    ...clausesOf(select.node).flatMap((expression) => expressionSources(expression, bindings).fields),
    ...impliedTimes(select),
  ]);
  return { columns, uses: tableUses(root.node, bindings, detections, report), reads: distinct(all, detections) };
}

/** `p_occurs_since('1 day')` reads the p_event_time that it does not name. */
function impliedTimes({ node, scope }: BoundSelect): Sources['fields'] {
  const isImplied = expressionsOf(node).some(
    (one) => one.class === 'FUNCTION' && one.function_name === 'p_occurs_since' && one.children.length === 1,
  );
  const origins = isImplied ? scope.sources.flatMap((source) => columnOf(source, 'p_event_time')?.origin ?? []) : [];
  return origins.map(({ use, column }) => ({ use, column, path: [] }));
}

function distinct(
  fields: Sources['fields'],
  detections: ReadonlyMap<BaseUse, ReadonlySet<string>>,
): readonly SourceField[] {
  const found = new Map<string, SourceField>();
  for (const { use, column, path } of fields) {
    const field = { table: use.table.name, column, path, detections: [...(detections.get(use) ?? [])] };
    found.set(JSON.stringify(field), field);
  }
  return [...found.values()];
}
