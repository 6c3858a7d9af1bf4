import type { Changes } from '../../../framework/model/state.ts';
import type { Row, Table } from '../../../framework/model/table.ts';
import { type OpenLake, RowPacker } from '../../../framework/runtime/lake/index.ts';

/** Writes rows as the runtime writes those of a log range, in one thread. */
export async function writeEvents(
  lake: OpenLake,
  events: {
    readonly tables: readonly { readonly table: Table; readonly rows: readonly Row[] }[];
    readonly commit: Changes;
  },
): Promise<{ readonly storedCount: number }> {
  const tables = events.tables.map(({ table, rows }) => {
    let sequence = lake.reserveSequences(rows.length);
    const packer = new RowPacker(table, () => sequence++);
    for (const row of rows) packer.add(row);
    return { table, rows: packer.finish() };
  });
  return lake.writeEvents({ tables, commit: events.commit });
}
