import { stageColumns } from '../../model/stage.ts';
import type { Table } from '../../model/table.ts';
import type { Bindings } from '../scope/bound.ts';

/**
 * The tables as a query sees them: of those that detections fill, only what was recorded live, unless the query names
 * the column of the stage (`p_stage`, `stage`) somewhere. `*` does not name it.
 */
export function hideShadow(tables: readonly Table[], bindings: Bindings): readonly Table[] {
  const asking = tablesAskedForStage(bindings);
  return tables.map((table) => {
    const column = stageColumns.get(table.name);
    return column === undefined || asking.has(table.name) ? table : { ...table, only: { column, value: 'live' } };
  });
}

/** The tables whose stage a query names, in whatever clause and however deep. */
export function tablesAskedForStage(bindings: Bindings): ReadonlySet<string> {
  const asking = new Set<string>();
  for (const binding of bindings.columns.values()) {
    const origin = binding.kind === 'column' ? binding.column.origin : undefined;
    const table = origin?.use.table.name;
    if (table !== undefined && stageColumns.get(table) === origin?.column) asking.add(table);
  }
  return asking;
}
