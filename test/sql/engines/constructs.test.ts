import { afterAll, beforeAll, expect, test } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import { openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';
import { constructRows, constructs, constructTables } from './constructs.ts';

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

async function outcomeOf(sql: string): Promise<string> {
  try {
    const input = { sql, tables: constructTables, rows: constructRows, nowMs: Date.UTC(2024, 0, 31) };
    const { rows, refusal, difference } = await engines.run({ ...input, engines: 'both' });
    if (difference !== undefined) return `DIFFERENT: ${difference}`;
    return refusal === undefined ? `same: ${rows.length} rows` : `DuckDB alone: ${refusal}`;
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    return `refused: ${error.code}: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
  }
}

test('of 172 constructs none gives different rows on the two engines, and 120 give the same', async () => {
  const lines: string[] = [];
  for (const sql of constructs) lines.push(sql, `  ${await outcomeOf(sql)}`);
  expect(lines.filter((line) => line.includes('DIFFERENT'))).toEqual([]);
  expect(constructs).toHaveLength(172);
  expect(lines.filter((line) => line.startsWith('  same: ')).length).toBeGreaterThanOrEqual(120);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/constructs.txt');
});
