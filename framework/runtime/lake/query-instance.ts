import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../model/quote-sql.ts';
import { matchAlertsTable } from '../../model/standard-tables.ts';
import { createRowsTable } from './create-rows-table.ts';
import { startCounting } from './query-cost.ts';
import type { TableSnapshot } from './query-message.ts';
import { readParts, sequenceColumn, tableRelation } from './sql-text.ts';

/** An empty database for one query. */
export async function createQueryInstance(): Promise<DuckDBInstance> {
  return DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
}

/**
 * Makes the views of a query, loads the rows that tables bring along, and closes everything else: of all files, only those of the snapshot can be
 * opened, and no setting can be changed any more.
 */
export async function prepareQueryInstance(
  connection: DuckDBConnection,
  tables: readonly TableSnapshot[],
  linkFiles: readonly string[],
): Promise<void> {
  const files = new Set([...tables.flatMap(({ reads }) => reads.flatMap((read) => read.files)), ...linkFiles]);
  await startCounting(connection);
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`SET allowed_paths = [${[...files].map(quoteText).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  for (const snapshot of tables) {
    if (snapshot.table.rows) await createRowsTable(connection, snapshot.table, snapshot.table.rows);
    else await connection.run(viewOf(snapshot, linkFiles));
  }
}

function viewOf({ table, reads }: TableSnapshot, linkFiles: readonly string[]): string {
  const names = table.columns.map(({ name }) => quoteName(name));
  const rows = `(${tableRelation(table, reads)}) AS t`;
  const create = `CREATE VIEW ${quoteName(table.name)} AS SELECT`;
  const { only } = table;
  const seen = only ? ` WHERE ${quoteName(only.column)} = ${quoteText(only.value)}` : '';
  if (table.name !== 'rule_matches' || linkFiles.length === 0) {
    return `${create} ${names.join(', ')} FROM ${rows}${seen}`;
  }
  const key = quoteName(matchAlertsTable.key);
  const links = `SELECT ${key}, arg_min(alert_id, ${sequenceColumn}) AS linked_alert_id FROM ${readParts(linkFiles)} GROUP BY ALL`;
  const linked = names.map((name) =>
    name === '"p_alert_id"' ? `coalesce(${name}, linked_alert_id) AS ${name}` : name,
  );
  return `${create} ${linked.join(', ')} FROM ${rows} LEFT JOIN (${links}) AS l ON l.${key} = t."p_match_id"${seen}`;
}
