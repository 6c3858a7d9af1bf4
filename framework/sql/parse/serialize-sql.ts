import type { DuckDBConnection } from '@duckdb/node-api';
import { parseLossless, stringifyLossless } from './lossless-json.ts';
import { connectDuckdb, createQueue } from './warm-duckdb.ts';

/** What `json_serialize_sql` gives: the statements, or why there are none. */
export type SerializedSql =
  | {
      readonly error: false;
      readonly statements: readonly { readonly node: unknown; readonly named_param_map?: readonly unknown[] }[];
    }
  | {
      readonly error: true;
      readonly error_type: string;
      readonly error_message: string;
      /** In bytes, as digits. */
      readonly position?: string;
    };

const queue = createQueue();
let connection: Promise<DuckDBConnection> | undefined;

/** Parses SQL with DuckDB's parser. Nothing is bound or run. */
export function serializeSql(sql: string): Promise<SerializedSql> {
  return queue(async () => parseLossless(await ask('SELECT json_serialize_sql($1::VARCHAR)', sql)) as SerializedSql);
}

/** The SQL text of what {@link serializeSql} gave, or of a changed copy. */
function deserializeSql(parsed: SerializedSql): Promise<string> {
  return queue(() => ask('SELECT json_deserialize_sql($1::JSON)', stringifyLossless(parsed)));
}

/** The SQL text of one query's AST. */
export function sqlOf(node: unknown): Promise<string> {
  return deserializeSql({ error: false, statements: [{ node, named_param_map: [] }] });
}

/** How many statements DuckDB's own splitter finds in a text that parses. */
export function countStatements(sql: string): Promise<number> {
  return queue(async () => (await (await open()).extractStatements(sql)).count);
}

async function ask(sql: string, parameter: string): Promise<string> {
  const reader = await (await open()).runAndReadAll(sql, [parameter]);
  return String(reader.getRows()[0]?.[0]);
}

function open(): Promise<DuckDBConnection> {
  connection ??= connectDuckdb();
  return connection;
}
