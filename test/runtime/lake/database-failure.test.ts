import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { workFailure } from '../../../framework/runtime/lake/database-failure.ts';
import { writeFailed } from '../../../framework/runtime/lake/write-failed.ts';

async function failureOf(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '20MB', max_temp_directory_size: '0MB' });
  const connection = await instance.connect();
  try {
    return await connection.run(sql).then(
      () => undefined,
      (error: unknown) => error,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

it('work that has too little memory says so without advice about settings', async () => {
  const failure = await failureOf("CREATE TABLE t AS SELECT repeat('x', 1_000_000) || range AS x FROM range(200)");
  expect((failure as Error).message).toMatch(/^Out of Memory Error/);
  expect(workFailure(failure)).toBe('it needs more memory than it may use.');
  expect(writeFailed('A part could not be written', failure)).toMatchObject({
    code: 'LAKE_WRITE_FAILED',
    message: 'A part could not be written: it needs more memory than it may use.',
    hint: expect.stringContaining('more memory'),
  });
});

it('any other reason is kept, up to its first empty line', async () => {
  const failure = await failureOf('SELECT nosuch FROM range(3)');
  expect(workFailure(failure)).toMatch(/^Binder Error: .*nosuch/);
  expect(workFailure(failure)).not.toContain('LINE 1');
});
