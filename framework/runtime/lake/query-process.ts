// The query process: every query gets a database of its own, which is gone with its answer. Ends when its
// parent does; an interrupt key reaches the parent, which decides.
import { writeFile } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MargayError } from '../../model/margay-error.ts';
import { createQueryInstance, prepareQueryInstance } from './query-instance.ts';
import type { QueryReply, QueryRequest } from './query-message.ts';
import { runQuery } from './run-query.ts';

type RunRequest = Extract<QueryRequest, { kind: 'run' }>;

const running = new Map<number, { connection?: DuckDBConnection; isInterrupted: boolean }>();
/** The next query's database, made while nobody waits. */
let spare: Promise<DuckDBInstance> | undefined = createQueryInstance();

// Where memory runs out, Linux ends this process and not the runtime.
writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: QueryRequest) => {
  if (request.kind === 'run') void answer(request);
  else interrupt(request.id);
});

async function answer(request: RunRequest): Promise<void> {
  running.set(request.id, { isInterrupted: false });
  const instance = spare ?? createQueryInstance();
  spare = undefined;
  const reply = await run(request, await instance);
  running.delete(request.id);
  process.send?.(reply);
  spare ??= createQueryInstance();
}

async function run({ id, sql, tables, linkFiles, limits }: RunRequest, instance: DuckDBInstance): Promise<QueryReply> {
  const connection = await instance.connect();
  try {
    await prepareQueryInstance(connection, tables, linkFiles);
    if (running.get(id)?.isInterrupted) throw new Error('Interrupted before it began.');
    running.set(id, { connection, isInterrupted: false });
    return { id, answer: await runQuery(connection, sql, limits) };
  } catch (error) {
    const code =
      error instanceof MargayError && error.code === 'LAKE_NUMBER_TOO_LARGE' ? error.code : 'LAKE_QUERY_FAILED';
    return { id, code, message: error instanceof Error ? error.message : String(error) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function interrupt(id: number): void {
  const query = running.get(id);
  if (query) query.isInterrupted = true;
  query?.connection?.interrupt();
}
