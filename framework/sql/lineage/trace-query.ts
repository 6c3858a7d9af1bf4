import { clausesOf, selectsOf } from '../rules/checked-query.ts';
import { detectionsOfUses } from '../rules/rule-references.ts';
import type { BaseUse, Bindings, BoundQuery } from '../scope/bound.ts';
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
  const all = selectsOf(bindings).flatMap(({ node }) =>
    clausesOf(node).flatMap((expression) => expressionSources(expression, bindings).fields),
  );
  return { columns, uses: tableUses(root.node, bindings, detections, report), reads: distinct(all, detections) };
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
