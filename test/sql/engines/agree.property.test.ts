import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import { openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';
import { nowMs, randomQuery, randomRows, randomTables } from './random-sql.ts';

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

test('alasql gives what DuckDB gives, or refuses', { timeout: 120_000 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomQuery, randomRows, async (sql, rows) => {
      try {
        const run = await engines.run({ sql, tables: randomTables, rows, nowMs, engines: 'both' });
        expect(run.difference, sql).toBeUndefined();
        if (run.refusal === undefined) compared++;
      } catch (error) {
        // A query that the gate refuses is no disagreement.
        if (!(error instanceof MargayError) || error.code === 'SQL_QUERY_FAILED') throw error;
      }
    }),
    { numRuns: 200 },
  );
  // A property that holds because everything is refused would prove nothing.
  expect(compared).toBeGreaterThan(150);
});
