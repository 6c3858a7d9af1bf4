import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import type { FieldType, LogType } from '../../../framework/model/log-type.ts';
import { eventTable, matchAlertsTable, standardTables } from '../../../framework/model/standard-tables.ts';
import type { Table } from '../../../framework/model/table.ts';
import { makeDirectory, open } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const page = readFileSync(new URL('../../../framework/docs/lake.md', import.meta.url), 'utf8');
const statements = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text.trim().split(';\n'));

const logType: LogType = {
  ...{ name: 'Okta.SystemLog', table: 'okta_systemlog', description: '', reference: '', logsources: [], model: {} },
  eventTime: 'published',
  fields: { eventType: { type: 'string' } },
};
const events = eventTable(logType);

/** The rows of the table between two marks, without backticks. */
function rowsOf(mark: string): readonly (readonly string[])[] {
  const [, block = ''] = new RegExp(`<!-- ${mark} -->\\n([\\s\\S]*?)<!-- end -->`).exec(page) ?? [];
  const lines = block.trim().split('\n').slice(2);
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

it('names every table with its key, its time and its order', () => {
  const facts = (name: string, table: Table) => {
    return [name, table.key, table.time, table.replaces ? 'yes' : 'no', table.sortBy?.join(', ') ?? ''];
  };
  const tables = [...standardTables, matchAlertsTable].map((table) => facts(table.name, table));
  expect(rowsOf('tables')).toEqual([...tables, facts('events', events)]);
});

it('names the columns of events and their types', () => {
  const columns = events.columns
    .filter(({ name }) => name !== 'eventType')
    .map(({ name, type }) => [name.replace(/^p_any_.*/, 'p_any_…'), type].join(' '));
  expect(rowsOf('event columns').map((row) => row.join(' '))).toEqual([...new Set(columns)]);
  for (const [field, column] of rowsOf('field types')) {
    const table = eventTable({ ...logType, fields: { x: { type: field as FieldType } } });
    expect(table.columns.find(({ name }) => name === 'x')?.type).toBe(column);
  }
});

it('is followed by a plain DuckDB, which reads what was written', async () => {
  const directory = await makeDirectory();
  const lake = await open(directory);
  const event = (id: string, rest: object) => ({
    ...{ p_log_type: 'Okta.SystemLog', p_row_id: id, p_source: 'test', eventType: `type ${id}` },
    ...{ p_event_time: `2026-01-0${id}T00:00:00.000Z`, p_parse_time: '2026-01-09T00:00:00.000Z' },
    ...rest,
  });
  const rows = [event('2', { udm: { actor_user: 'bart@example.com' } }), event('1', {})];
  await writeEvents(lake, { tables: [{ table: events, rows }], commit: {} });
  const alert = (status: string) => ({
    ...{ alert_id: 'a', rule_id: 'r', title: 't', level: 'high', dedup: 'd', status, match_count: 1, stage: 'live' },
    ...{ created_at: '2026-01-01T00:00:00.000Z', first_event_time: '2026-01-01T00:00:00.000Z' },
    last_event_time: '2026-01-01T00:00:00.000Z',
  });
  for (const status of ['open', 'resolved']) {
    await lake.state.commit({ rows: [{ table: 'alerts', rows: [alert(status)] }] });
    await lake.flush();
  }
  const [entry] = await lake.state.list('part');
  const fields = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \|$/gm)].map(([, name]) => name);
  expect(fields).toEqual(expect.arrayContaining(Object.keys(entry?.value as object)));
  await lake.close();

  const reader = await DuckDBInstance.create(':memory:');
  const connection = await reader.connect();
  await connection.run(`SET file_search_path = '${directory}'`);
  const results = [];
  for (const block of statements) {
    for (const sql of block) {
      const text = sql.replace("ATTACH 'state.duckdb'", `ATTACH '${join(directory, 'state.duckdb')}'`);
      const result = await connection.runAndReadAll(text);
      if (sql.startsWith('SELECT')) results.push(result.getRowObjectsJson());
    }
  }
  expect(results).toEqual([
    [
      { p_event_time: '2026-01-01 00:00:00', eventType: 'type 1', actor_user: null },
      { p_event_time: '2026-01-02 00:00:00', eventType: 'type 2', actor_user: 'bart@example.com' },
    ],
    [{ alert_id: 'a', status: 'resolved' }],
  ]);
  connection.closeSync();
  reader.closeSync();
});
