import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

let opened: Promise<DuckDBInstance> | undefined;

/**
 * A connection of its own to the one in-memory DuckDB that parses, checks and tests SQL. It never sees a
 * file or the network, and its configuration is locked. Opened on first use (about 50 ms), then warm.
 */
export async function connectDuckdb(): Promise<DuckDBConnection> {
  opened ??= openLocked();
  return (await opened).connect();
}

async function openLocked(): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    enable_external_access: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  await connection.run('SET lock_configuration = true');
  connection.closeSync();
  return instance;
}

/** Runs tasks one after another: a connection has one transaction. */
export function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  };
}
