import type { BatchRecord } from '../model/log-record.ts';
import type { LogType } from '../model/log-type.ts';
import { eventTable } from '../model/standard-tables.ts';
import type { Row, Table } from '../model/table.ts';
import { eventRow, normaliseBatch } from './normalise/index.ts';

const tables = new WeakMap<LogType, Table>();

/** The rows of batches by the table of their log type. The batches were accepted by the bundle of the log types. */
export function rowsByTable(
  batches: readonly BatchRecord[],
  logTypes: ReadonlyMap<string, LogType>,
): readonly { readonly table: Table; readonly rows: readonly Row[] }[] {
  const byTable = new Map<string, { readonly table: Table; readonly rows: Row[] }>();
  for (const batch of batches) {
    const logType = logTypes.get(batch.logType);
    if (!logType) throw new Error(`the bundle in force has no log type '${batch.logType}'`);
    const filed = byTable.get(logType.table) ?? { table: tableOf(logType), rows: [] };
    byTable.set(logType.table, filed);
    for (const event of normaliseBatch(batch, logType).events) filed.rows.push(eventRow(event, logType));
  }
  return [...byTable.values()];
}

/** Made once, because what encodes its rows is kept by table. */
function tableOf(logType: LogType): Table {
  const known = tables.get(logType) ?? eventTable(logType);
  tables.set(logType, known);
  return known;
}
