import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Table } from '../../../framework/model/table.ts';
import { openSqlEngines, printAlasql, type SqlEngines } from '../../../framework/sql/index.ts';

const table: Table = {
  name: 'notes',
  description: '',
  key: 'id',
  replaces: false,
  time: 'at',
  columns: [
    { name: 'id', type: 'BIGINT' },
    { name: 'note', type: 'VARCHAR' },
    { name: 'extra', type: 'JSON' },
  ],
};

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** Texts that end a literal, open a comment, or are JavaScript to alasql. */
const hostile = [
  ...ascii,
  "'; DROP TABLE notes; --",
  "\\'",
  "\\\\'",
  "' + process.exit(1) + '",
  '``process.exit(1)``',
  '`+process.exit(1)+`',
  '$' + '{process.exit(1)}',
  '@process',
  '@{a: 1}',
  '@[1]',
  '$value',
  ':value',
  '/* x */',
  '-- x',
  '//',
  '#x',
  '[x]',
  '\n\r\t',
  '\u2028\u2029',
  'ärger \u{1f600}',
  '__proto__',
  'constructor',
  '%27',
  "m_text('x')",
];

describe('hostile text', () => {
  let engines: SqlEngines;
  beforeAll(async () => {
    engines = await openSqlEngines();
  });
  afterAll(() => engines.close());

  test('in literals, keys and rows is text on both engines', async () => {
    const rows = hostile.map((note, id) => ({ id, note, extra: { [note]: note, key: note } }));
    const run = (sql: string) =>
      engines.run({ sql, tables: [table], rows: new Map([['notes', rows]]), nowMs: 0, engines: 'both' });
    for (const [id, text] of hostile.entries()) {
      const quoted = `'${text.replaceAll("'", "''")}'`;
      const sql = `SELECT id, ${quoted} AS said, note || ${quoted} AS twice FROM notes WHERE note = ${quoted} AND note IN (${quoted}, 'x')`;
      expect(await run(sql), text).toEqual({
        engines: ['duckdb', 'alasql'],
        rows: [{ id, said: text, twice: text + text }],
      });
      // Paths, pointers and wildcards are no keys.
      if (/^[$/*]|\\/.test(text)) continue;
      const keyed = await run(`SELECT id FROM notes WHERE (extra->>${quoted}) = ${quoted}`);
      expect(keyed, text).toEqual({ engines: ['duckdb', 'alasql'], rows: [{ id }] });
    }
  });

  test.each([
    'a`b',
    "a'b",
    'a\\b',
    'a@b',
    'a b',
    'a""b',
    '`process.exit(1)`',
    'ä',
    '__proto__',
    'constructor',
    'toString',
  ])('%s as the name of a result column never reaches alasql', async (name) => {
    const sql = `SELECT note AS "${name}" FROM notes`;
    expect(await printAlasql(sql, [table], 0)).toEqual({ refusal: expect.stringContaining('name') });
    const run = await engines.run({
      sql,
      tables: [table],
      rows: new Map([['notes', [{ id: 1, note: 'x' }]]]),
      nowMs: 0,
      engines: 'both',
    });
    expect(run.engines).toEqual(['duckdb']);
    expect(Object.entries(run.rows[0] ?? {})).toEqual([[name.replaceAll('""', '"'), 'x']]);
  });

  test('as the name of an alias inside is replaced by one of ours', async () => {
    const sql = 'SELECT "x`y"."c\'d" AS n FROM (SELECT note AS "c\'d" FROM notes) AS "x`y"';
    const printed = await printAlasql(sql, [table], 0);
    expect(printed).toEqual({
      called: [],
      sql: 'SELECT `s`.`o1` AS `n` FROM (SELECT `t1`.`o1` AS `o1` FROM (SELECT `t1`.`note` AS `o1` FROM `notes` AS `t1`) AS `t1`) AS `s`',
    });
  });

  test.each(['count', 'value', 'key', 'order', 'select', 'group', 'action', 'top'])(
    'the reserved word %s is a name like any other',
    async (name) => {
      const run = await engines.run({
        sql: `SELECT id AS "${name}" FROM notes`,
        tables: [table],
        rows: new Map([['notes', [{ id: 7 }]]]),
        nowMs: 0,
        engines: 'both',
      });
      expect(run).toEqual({ engines: ['duckdb', 'alasql'], rows: [{ [name]: 7 }] });
    },
  );
});
