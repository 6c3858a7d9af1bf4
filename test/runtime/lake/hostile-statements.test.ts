import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenLake, openLake } from '../../../framework/runtime/lake/index.ts';
import { checkQuery } from '../../../framework/sql/index.ts';
import { hostileStatements } from './hostile-statements.ts';
import { column, door, doorTable, tables } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const canary = 'the-canary-that-nobody-may-read';
const folder = await mkdtemp(join(tmpdir(), 'margay-hostile-'));
const paths = { secret: join(folder, 'secret.txt'), outside: join(folder, 'outside'), lake: join(folder, 'lake') };
const statements = hostileStatements(paths);
let lake: OpenLake;
let before: unknown;

beforeAll(async () => {
  process.env.MARGAY_HOSTILE_CANARY = canary;
  await mkdir(paths.outside);
  await writeFile(paths.secret, canary);
  lake = await openLake({ directory: paths.lake, clock: { now: () => 0 } });
  const rows = ['1', '2', '3'].map((id) => door(id));
  await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
  before = await fingerprints();
});

afterAll(async () => {
  delete process.env.MARGAY_HOSTILE_CANARY;
  await lake.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every file but the open state file, and what it holds. */
async function fingerprints(): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('state.duckdb'));
  const names = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Promise.all(
    names.map(
      async (name) =>
        [
          name,
          createHash('sha256')
            .update(await readFile(name))
            .digest('hex'),
        ] as const,
    ),
  );
}

describe('a hostile statement', () => {
  it('is one of sixty or more', () => {
    expect(new Set(statements).size).toBeGreaterThanOrEqual(60);
  });

  it.each(statements)('is refused by the gate: %s', async (sql) => {
    const { problems } = await checkQuery(sql, { tables, contexts: new Map() });
    expect(problems.filter(({ severity }) => severity === 'error')).not.toEqual([]);
  });

  it.each(statements)('that got past the gate reads, changes and spoils nothing: %s', async (sql) => {
    const answer = await lake.lake.query(sql, tables, { timeoutMs: 1_000, maxRows: 1_000 }).then(
      ({ rows }) => JSON.stringify(rows),
      (error: { readonly code: string }) => error.code,
    );
    expect(answer).not.toContain(canary);
    if (!answer.startsWith('[')) expect(answer).toMatch(/^LAKE_QUERY_(FAILED|TIMEOUT)$/);
    expect(await column(lake, 'SELECT count(*) AS n FROM acme_door')).toEqual([3]);
    expect(await fingerprints()).toEqual(before);
  });
});
