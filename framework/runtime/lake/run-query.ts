import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type DuckDBType,
  StatementType,
} from '@duckdb/node-api';
import type { QueryEnd, QueryTask } from './query-message.ts';
import { resultValue, typeName } from './result-value.ts';

/** A piece is sent when it has this much text. */
const pieceLength = 256 * 1024;

/** The last rows of a result, and what the query itself knows of all of it. */
export interface LastPiece {
  readonly rowsJson: string;
  readonly end: Omit<QueryEnd, 'scanned'>;
}

/**
 * Runs one SELECT and sends its rows in pieces, as JSON arrays, until there are enough. The gate lets nothing else
 * through; this is the wall behind it.
 *
 * @param send - Resolves when the next piece may come.
 * @returns The last piece.
 */
export async function runQuery(
  connection: DuckDBConnection,
  { sql, values, maxRows, maxBytes }: Pick<QueryTask, 'sql' | 'values' | 'maxRows' | 'maxBytes'>,
  send: (rowsJson: string) => Promise<void>,
): Promise<LastPiece> {
  await connection.run('BEGIN TRANSACTION READ ONLY');
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Error(`Expected one statement, found ${statements.count}.`);
  const statement = await statements.prepare(0);
  if (statement.statementType !== StatementType.SELECT) throw new Error('Expected a SELECT.');
  for (const [index, value] of values.entries()) statement.bindVarchar(index + 1, value);
  const result = await statement.stream();
  const names = result.deduplicatedColumnNames();
  const types = result.columnTypes();
  const end = (truncated: boolean): LastPiece['end'] => ({
    columns: names.map((name, index) => ({ name, type: typeName(types[index] as DuckDBType) })),
    truncated,
  });
  let piece: string[] = [];
  let lengthOfPiece = 0;
  let rowCount = 0;
  let bytes = 0;
  for await (const row of encodeRows(result, names, types)) {
    if (rowCount === maxRows) return { rowsJson: join(piece), end: end(true) };
    rowCount += 1;
    bytes += Buffer.byteLength(row);
    if (bytes > maxBytes) throw new Error(`The result is larger than ${maxBytes} bytes; select fewer columns or rows.`);
    piece.push(row);
    lengthOfPiece += row.length;
    if (lengthOfPiece < pieceLength) continue;
    await send(join(piece));
    piece = [];
    lengthOfPiece = 0;
  }
  await requireWhole(connection, statement);
  return { rowsJson: join(piece), end: end(false) };
}

/**
 * A stream ends alike when every row was read and when the query failed amid its rows. A failure has aborted the
 * transaction, though, and then nothing else runs in it. What failed is only said when it is run at once.
 */
async function requireWhole(connection: DuckDBConnection, statement: DuckDBPreparedStatement): Promise<void> {
  try {
    await connection.run('SELECT 1');
  } catch {
    await connection.run('ROLLBACK');
    await statement.run();
    throw new Error('It failed amid its rows.');
  }
}

async function* encodeRows(
  result: DuckDBResult,
  names: readonly string[],
  types: readonly DuckDBType[],
): AsyncGenerator<string, void, void> {
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const row of chunk.getRows()) {
      const values = names.map((name, index) => [
        name,
        resultValue(row[index] ?? null, types[index] as DuckDBType, name),
      ]);
      yield JSON.stringify(Object.fromEntries(values));
    }
  }
}

function join(piece: readonly string[]): string {
  return `[${piece.join(',')}]`;
}
