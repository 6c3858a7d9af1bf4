import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBType, DuckDBValue } from '@duckdb/node-api';

/** A bound value: a text or whole number by itself, a list with its type. */
export type Bound = string | bigint | { readonly value: DuckDBValue; readonly type: DuckDBType };

/** Prepared statements of one connection. Not for two statements at a time: wrap it in a queue. */
export class StatementCache {
  readonly #connection: DuckDBConnection;
  readonly #statements = new Map<string, DuckDBPreparedStatement>();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Runs a statement and gives its rows. */
  async run(sql: string, bound: readonly Bound[] = []): Promise<readonly Record<string, DuckDBValue>[]> {
    const statement = this.#statements.get(sql) ?? (await this.#connection.prepare(sql));
    this.#statements.set(sql, statement);
    for (const [index, value] of bound.entries()) bindValue(statement, index + 1, value);
    return (await statement.runAndReadAll()).getRowObjects();
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.destroySync();
    this.#statements.clear();
    this.#connection.closeSync();
  }
}

function bindValue(statement: DuckDBPreparedStatement, index: number, bound: Bound): void {
  if (typeof bound === 'string') statement.bindVarchar(index, bound);
  else if (typeof bound === 'bigint') statement.bindBigInt(index, bound);
  else statement.bindValue(index, bound.value, bound.type);
}
