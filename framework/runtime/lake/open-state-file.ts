import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { MargayError } from '../../model/margay-error.ts';

/** A second instance on the same file would silently drop the lock of the first one, so this process counts. */
const openHere = new Set<string>();

/** The only instance on a state file. */
export interface StateFile {
  readonly instance: DuckDBInstance;
  close(): void;
}

/**
 * Opens the state file, or makes it. DuckDB's own lock keeps other processes out and ends with ours.
 *
 * @throws LAKE_LOCKED, LAKE_OPEN_FAILED
 */
export async function openStateFile(path: string): Promise<StateFile> {
  const file = join(await realpath(dirname(path)), basename(path));
  if (openHere.has(file)) throw locked(file, `process ${process.pid}, this one,`);
  openHere.add(file);
  try {
    const instance = await DuckDBInstance.create(file, {
      threads: '1', // small pieces of work: a second thread costs more than it saves
      memory_limit: '512MB',
      enable_external_access: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      lock_configuration: 'true',
    });
    return {
      instance,
      close: () => {
        instance.closeSync();
        openHere.delete(file);
      },
    };
  } catch (cause) {
    openHere.delete(file);
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (/lock on file/i.test(reason)) throw locked(file, `process ${/PID (\d+)/.exec(reason)?.[1] ?? 'unknown'}`);
    throw new MargayError('LAKE_OPEN_FAILED', `The state file ${file} can't be opened: ${reason}`, {
      hint: 'Restore it from a backup, or check who may read and write it.',
      cause,
    });
  }
}

function locked(file: string, owner: string): MargayError {
  return new MargayError('LAKE_LOCKED', `The lake is open in ${owner} (${file}).`, {
    hint: 'Stop that runtime, or give this one another directory.',
  });
}
