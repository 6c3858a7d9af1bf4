import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import { openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';
import { nowMs, randomRows, randomTables } from './random-rows.ts';
import { randomQuery } from './random-sql.ts';

/** More on request: `SQL_PROPERTY_RUNS=10000 npx vitest run --config test/vitest.config.ts test/sql/engines/agree`. */
const numRuns = Number(process.env.SQL_PROPERTY_RUNS ?? 1_000);

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

test('alasql gives what DuckDB gives, or refuses', { timeout: 300_000 + numRuns * 300 }, async () => {
  let compared = 0;
  const refusals = new Map<string, number>();
  const refuse = (why: string) => refusals.set(why, (refusals.get(why) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(randomQuery, randomRows, async (sql, rows) => {
      try {
        const run = await engines.run({ sql, tables: randomTables, rows, nowMs, engines: 'both' });
        expect(run.difference, sql).toBeUndefined();
        if (run.refusal === undefined) compared++;
        else refuse(run.refusal);
      } catch (error) {
        // A query that DuckDB refuses, or fails on the rows, is no disagreement.
        if (!(error instanceof MargayError)) throw error;
        refuse(error.message);
      }
    }),
    { numRuns, endOnFailure: process.env.CI !== undefined },
  );
  // A property that holds because everything is refused would prove nothing.
  const most = [...refusals].sort((a, b) => b[1] - a[1]).slice(0, 12);
  expect(compared / numRuns, JSON.stringify(most, null, 2)).toBeGreaterThanOrEqual(0.8);
});
