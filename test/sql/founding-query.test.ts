import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../framework/model/table.ts';
import { checkQuery, foldClock, openSqlEngines, printAlasql, type SqlEngines } from '../../framework/sql/index.ts';
import { addedToBypassGroup, foundingQuery, sampleCatalog } from './sample-catalog.ts';

const now = Date.parse('2024-06-30T12:00:00.000Z');
const dayMs = 86_400_000;

function match(member: string | null, agoMs: number, ruleId = addedToBypassGroup): Row {
  return {
    p_rule_id: ruleId,
    p_rule_title: 'Added',
    p_rule_level: 'informational',
    p_stage: 'live',
    p_dedup: String(member),
    p_match_id: `${member}-${agoMs}`,
    p_match_time: new Date(now - agoMs).toISOString(),
    p_event_time: new Date(now - agoMs).toISOString(),
    p_log_type: 'Okta.SystemLog',
    p_row_id: `${member}-${agoMs}`,
    p_alert_context: { member },
    p_event: { actor: { id: 'x' } },
    p_any_emails: ['bart@example.com'],
    p_backfilled: false,
  };
}

const spellings = [
  ['grouped by the alias', foundingQuery],
  ['grouped by the expression', foundingQuery.replace('GROUP BY member', "GROUP BY p_alert_context->>'member'")],
  ['with an alias in HAVING', foundingQuery.replace('count(*) > 2', 'adds > 2')],
] as const;

describe('the founding query', () => {
  let engines: SqlEngines;
  beforeAll(async () => {
    engines = await openSqlEngines();
  });
  afterAll(() => engines.close());

  test.each(spellings)('passes without a problem, %s', async (_, sql) => {
    const checked = await checkQuery(sql, sampleCatalog);
    expect(checked).toMatchObject({
      problems: [],
      columns: [
        { name: 'member', type: 'VARCHAR', nullable: true },
        { name: 'adds', type: 'BIGINT', nullable: false },
        { name: 'first_add', type: 'TIMESTAMP', nullable: false },
        { name: 'last_add', type: 'TIMESTAMP', nullable: false },
      ],
      tables: ['rule_matches'],
      ruleIds: [addedToBypassGroup],
    });
    expect(checked.ruleReferences).toEqual([
      { ruleId: addedToBypassGroup, offset: sql.indexOf(`'${addedToBypassGroup}'`) },
    ]);
  });

  test.each(spellings)('gives the same rows on both engines, %s', async (_, sql) => {
    const rows = [
      ...[1, 2, 3].map((days) => match('bart@example.com', days * dayMs)),
      ...[1, 2, 31].map((days) => match('lisa@example.com', days * dayMs)),
      ...[1, 2, 3, 4].map((days) => match('homer@example.com', days * dayMs, 'okta/other')),
      ...[5, 6, 7].map((days) => match(null, days * dayMs)),
    ];
    const run = await engines.run({
      sql,
      tables: sampleCatalog.tables,
      rows: new Map([['rule_matches', rows]]),
      nowMs: now,
      engines: 'both',
    });
    expect(run).toEqual({
      engines: ['duckdb', 'alasql'],
      rows: [
        {
          member: 'bart@example.com',
          adds: 3,
          first_add: '2024-06-27T12:00:00.000Z',
          last_add: '2024-06-29T12:00:00.000Z',
        },
        { member: null, adds: 3, first_add: '2024-06-23T12:00:00.000Z', last_add: '2024-06-25T12:00:00.000Z' },
      ],
    });
  });

  test('is folded and printed as it was reviewed', async () => {
    const printed = await printAlasql(foundingQuery, sampleCatalog.tables, now);
    const shown = [
      '-- DuckDB',
      (await foldClock(foundingQuery, sampleCatalog.tables, now)).sql,
      '-- alasql',
      'sql' in printed ? printed.sql.replaceAll(' FROM (', '\nFROM (') : printed.refusal,
    ].join('\n');
    await expect(`${shown}\n`).toMatchFileSnapshot('golden/founding-query.sql');
  });
});
