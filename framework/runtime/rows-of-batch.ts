import type { BatchRecord } from '../model/log-record.ts';
import type { LogType } from '../model/log-type.ts';
import { eventTable } from '../model/standard-tables.ts';
import type { Row, Table } from '../model/table.ts';
import { eventRow, eventsOf } from './normalise/index.ts';

const tables = new WeakMap<LogType, Table>();

/**
 * The rows of a batch for the table of its log type, each made when it is asked for. The batch was accepted by the
 * bundle of the log types.
 */
export function rowsOfBatch(
  batch: BatchRecord,
  logTypes: ReadonlyMap<string, LogType>,
): { readonly table: Table; readonly rows: Iterable<Row> } {
  const logType = logTypes.get(batch.logType);
  if (!logType) throw new Error(`the bundle in force has no log type '${batch.logType}'`);
  return { table: tableOf(logType), rows: eventRows(batch, logType) };
}

function* eventRows(batch: BatchRecord, logType: LogType): Generator<Row, void, void> {
  for (const event of eventsOf(batch, logType)) yield eventRow(event, logType);
}

/** Made once, because what encodes its rows is kept by table. */
function tableOf(logType: LogType): Table {
  const known = tables.get(logType) ?? eventTable(logType);
  tables.set(logType, known);
  return known;
}
