import { type DuckDBValue, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { openStateFile } from './open-state-file.ts';
import type { StateLine, WaitingLine } from './state-snapshot.ts';
import { createState, createWaiting, insertWaiting, upsertValues } from './state-statements.ts';
import { type Bound, StatementCache } from './statement-cache.ts';

/**
 * Makes a state file of the pieces of a snapshot.
 *
 * @throws LAKE_LOCKED, LAKE_OPEN_FAILED
 */
export async function restoreState(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const { instance, close } = await openStateFile(file);
  try {
    const statements = new StatementCache(await instance.connect());
    try {
      await statements.run(createState);
      await statements.run(createWaiting);
      for await (const piece of pieces) await insert(statements, piece);
      await statements.run('CHECKPOINT');
    } finally {
      statements.close();
    }
  } finally {
    close();
  }
}

async function insert(statements: StatementCache, piece: string): Promise<void> {
  const lines = piece
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StateLine);
  const values = lines.filter((line) => line.length === 2);
  await statements.run('BEGIN TRANSACTION');
  if (values.length > 0)
    await statements.run(upsertValues, [texts(values.map(([id]) => id)), texts(values.map(([, value]) => value))]);
  for (const line of lines) if (line.length === 5) await statements.run(insertWaiting(1), waitingValues(line));
  await statements.run('COMMIT');
}

function waitingValues([lastSequence, table, day, rowCount, lines]: WaitingLine): readonly Bound[] {
  return [BigInt(lastSequence), table, day, BigInt(rowCount), lines];
}

function texts(values: readonly string[]): Bound {
  return { value: listValue(values as DuckDBValue[]), type: LIST(VARCHAR) };
}
