// The query process: every query gets a database of its own, which is gone with its answer. Ends when its
// parent does; an interrupt key reaches the parent, which decides.
import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MargayError } from '../../model/margay-error.ts';
import { queryFailure } from './database-failure.ts';
import { countScanned } from './query-cost.ts';
import { createQueryInstance, prepareQueryInstance } from './query-instance.ts';
import { maxPiecesAhead, type QueryReply, type QueryRequest } from './query-message.ts';
import { runQuery } from './run-query.ts';

type RunRequest = Extract<QueryRequest, { kind: 'run' }>;

interface Running {
  connection?: DuckDBConnection;
  isInterrupted: boolean;
  piecesAhead: number;
  /** Wakes the query that waits until it may send another piece. */
  goOn: () => void;
}

// First of all: the threads of the database get the priority of the thread that makes them.
lowerPriority(Number(process.argv[2] ?? 0));

const running = new Map<number, Running>();
/** The next query's database, made while nobody waits. */
let spare: Promise<DuckDBInstance> | undefined = createQueryInstance();

// Where memory runs out, Linux ends this process and not the runtime.
writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: QueryRequest) => {
  if (request.kind === 'run') void answer(request);
  else if (request.kind === 'more') takePiece(request.id);
  else interrupt(request.id);
});

async function answer(request: RunRequest): Promise<void> {
  const query: Running = { isInterrupted: false, piecesAhead: 0, goOn: () => {} };
  running.set(request.id, query);
  const instance = spare ?? createQueryInstance();
  spare = undefined;
  const reply = await run(request, query, await instance);
  running.delete(request.id);
  process.send?.(reply);
  spare ??= createQueryInstance();
}

async function run(request: RunRequest, query: Running, instance: DuckDBInstance): Promise<QueryReply> {
  const { id } = request;
  const connection = await instance.connect();
  try {
    await prepareQueryInstance(connection, request.tables, request.linkFiles);
    query.connection = connection;
    if (query.isInterrupted) throw new Error('Interrupted before it began.');
    const { rowsJson, end } = await runQuery(connection, request, (piece) => sendPiece(id, query, piece));
    return { id, rowsJson, end: { ...end, scanned: await countScanned(instance) } };
  } catch (error) {
    const code =
      error instanceof MargayError && error.code === 'LAKE_NUMBER_TOO_LARGE' ? error.code : 'LAKE_QUERY_FAILED';
    return { id, code, ...queryFailure(error) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Resolves when the parent wants more. */
async function sendPiece(id: number, query: Running, rowsJson: string): Promise<void> {
  process.send?.({ id, rowsJson } satisfies QueryReply);
  query.piecesAhead += 1;
  if (query.piecesAhead >= maxPiecesAhead && !query.isInterrupted) {
    await new Promise<void>((resolve) => {
      query.goOn = resolve;
    });
  }
  if (query.isInterrupted) throw new Error('Interrupted.');
}

function takePiece(id: number): void {
  const query = running.get(id);
  if (!query) return;
  query.piecesAhead -= 1;
  query.goOn();
}

function interrupt(id: number): void {
  const query = running.get(id);
  if (!query) return;
  query.isInterrupted = true;
  query.connection?.interrupt();
  query.goOn();
}

function lowerPriority(niceness: number): void {
  try {
    setPriority(niceness);
  } catch {
    // A system that has no priorities runs queries without.
  }
}
