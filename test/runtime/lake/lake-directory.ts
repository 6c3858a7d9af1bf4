import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, onTestFinished } from 'vitest';
import type { QueryResult } from '../../../framework/model/lake.ts';
import { ruleMatchesTable, standardTables } from '../../../framework/model/standard-tables.ts';
import type { Row, Table } from '../../../framework/model/table.ts';
import { type LakeOptions, type OpenLake, openLake } from '../../../framework/runtime/lake/index.ts';

const opened: OpenLake[] = [];

afterEach(async () => {
  for (const lake of opened.splice(0)) await lake.close();
});

/** A temporary folder that goes away with the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'margay-lake-'));
  onTestFinished(async () => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens a lake that is closed with the test. A failure in the background fails the test. */
export async function open(directory: string, options: Partial<LakeOptions> = {}): Promise<OpenLake> {
  const onError = (error: unknown): never => {
    throw error;
  };
  const lake = await openLake({ directory, clock: { now: () => Date.UTC(2026, 0, 31) }, onError, ...options });
  opened.push(lake);
  return lake;
}

/** The events of an invented log type. */
export const doorTable: Table = {
  name: 'acme_door',
  description: 'Doors that opened.',
  key: 'p_row_id',
  replaces: false,
  time: 'p_event_time',
  columns: [
    { name: 'p_row_id', type: 'VARCHAR' },
    { name: 'p_event_time', type: 'TIMESTAMP' },
    { name: 'door', type: 'VARCHAR' },
    { name: 'seconds', type: 'BIGINT' },
    { name: 'weight', type: 'DOUBLE' },
    { name: 'alarmed', type: 'BOOLEAN' },
    { name: 'badges', type: 'VARCHAR[]' },
    { name: 'udm', type: 'STRUCT', fields: ['actor_user', 'source_ip'] },
    { name: 'detail', type: 'JSON' },
  ],
};

export const tables: readonly Table[] = [...standardTables, doorTable];

export function door(id: string, day = '2026-01-02', rest: Row = {}): Row {
  return { p_row_id: id, p_event_time: `${day}T03:04:05.678Z`, door: `door ${id}`, ...rest };
}

export function match(id: string, rest: Row = {}): Row {
  const times = { p_match_time: '2026-01-02T03:04:06.000Z', p_event_time: '2026-01-02T03:04:05.678Z' };
  const texts = ruleMatchesTable.columns.filter(({ type, nullable }) => type === 'VARCHAR' && nullable === false);
  return {
    ...Object.fromEntries(texts.map(({ name }) => [name, name])),
    ...times,
    p_match_id: id,
    p_backfilled: false,
    ...rest,
  };
}

export async function query(lake: OpenLake, sql: string, maxRows = 10_000): Promise<QueryResult> {
  return lake.lake.query(sql, tables, { timeoutMs: 15_000, maxRows });
}

/** The first column of a result. */
export async function column(lake: OpenLake, sql: string): Promise<readonly unknown[]> {
  const { rows } = await query(lake, sql);
  return rows.map((row) => Object.values(row)[0]);
}

/** The files under the folder of parts. */
export async function partFiles(directory: string): Promise<readonly string[]> {
  return (await readdir(join(directory, 'parts'), { recursive: true })).filter((name) => name.includes('.')).sort();
}
