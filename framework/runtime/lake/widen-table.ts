import type { Table } from '../../model/table.ts';

/** A table with the columns that it had before, too: a part or a waiting row may have one that it has no more. */
export function widenTable(table: Table, known: Table | undefined): Table {
  const names = new Set(table.columns.map(({ name }) => name));
  const others = known?.columns.filter(({ name }) => !names.has(name)) ?? [];
  return others.length === 0 ? table : { ...table, columns: [...table.columns, ...others] };
}
