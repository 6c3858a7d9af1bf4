import { stableId } from '../../model/stable-id.ts';
import type { Table } from '../../model/table.ts';
import { columnType } from './sql-text.ts';

/** Equal for tables with the same columns of the same types: parts of such are read without a look at each. */
export function schemaOf({ columns }: Table): string {
  return stableId(...columns.flatMap((column) => [column.name, columnType(column)]));
}
