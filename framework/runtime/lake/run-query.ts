import { type DuckDBConnection, type DuckDBResult, type DuckDBType, StatementType } from '@duckdb/node-api';
import type { QueryLimits } from '../../model/lake.ts';
import type { QueryAnswer } from './query-message.ts';
import { resultValue, typeName } from './result-value.ts';

/** More text than this is no answer that anybody reads. */
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * Runs one SELECT and reads rows until there are enough. The gate lets nothing else through; this is the wall
 * behind it.
 */
export async function runQuery(connection: DuckDBConnection, sql: string, limits: QueryLimits): Promise<QueryAnswer> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Error(`Expected one statement, found ${statements.count}.`);
  const statement = await statements.prepare(0);
  if (statement.statementType !== StatementType.SELECT) throw new Error('Expected a SELECT.');
  const result = await statement.stream();
  const names = result.deduplicatedColumnNames();
  const types = result.columnTypes();
  const { pieces, truncated } = await readRows(result, names, types, limits.maxRows);
  const columns = names.map((name, index) => ({ name, type: typeName(types[index] as DuckDBType) }));
  return { columns, rowsJson: `[${pieces.join(',')}]`, truncated };
}

async function readRows(
  result: DuckDBResult,
  names: readonly string[],
  types: readonly DuckDBType[],
  maxRows: number,
): Promise<{ readonly pieces: readonly string[]; readonly truncated: boolean }> {
  const pieces: string[] = [];
  let bytes = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const row of chunk.getRows()) {
      if (pieces.length === maxRows) return { pieces, truncated: true };
      const values = names.map((name, index) => [
        name,
        resultValue(row[index] ?? null, types[index] as DuckDBType, name),
      ]);
      const piece = JSON.stringify(Object.fromEntries(values));
      bytes += piece.length;
      if (bytes > maxAnswerBytes)
        throw new Error(`The result is larger than ${maxAnswerBytes} bytes; select fewer columns or rows.`);
      pieces.push(piece);
    }
  }
  return { pieces, truncated: false };
}
