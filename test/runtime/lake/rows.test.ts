import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row, Table } from '../../../framework/model/table.ts';
import { encodeRows } from '../../../framework/runtime/lake/encode-rows.ts';
import type { OpenLake } from '../../../framework/runtime/lake/index.ts';
import { column, door, doorTable, makeDirectory, match, open, partFiles, query } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

async function write(lake: OpenLake, rows: readonly Row[], position = 1, table: Table = doorTable): Promise<number> {
  const put = [{ space: 'position', key: 'lake', value: position }] as const;
  return (await writeEvents(lake, { tables: [{ table, rows }], commit: { put } })).storedCount;
}

/** As much as makes a row three kilobytes. */
const detail = { text: 'x'.repeat(3_000) };

const alert = (id: string, count: number): Row => ({
  ...Object.fromEntries(['rule_id', 'title', 'level', 'dedup', 'status', 'stage'].map((name) => [name, name])),
  ...Object.fromEntries(
    ['created_at', 'first_event_time', 'last_event_time'].map((name) => [name, '2026-01-02T00:00:00.000Z']),
  ),
  alert_id: id,
  match_count: count,
});

describe('rows of a lake', () => {
  it('come back with the types of their columns', async () => {
    const lake = await open(await makeDirectory());
    const full = door('a', '2026-01-02', {
      seconds: 9_007_199_254_740_991,
      weight: 0.5,
      alarmed: true,
      badges: ['x', 'y'],
      udm: { actor_user: 'bart@example.com' },
      detail: { list: [1, { deep: 'ü\u0000"\\' }], none: null },
    });
    await write(lake, [full, door('b')]);
    const { rows, columns } = await query(lake, 'SELECT * FROM acme_door ORDER BY p_row_id');
    const nothing = { seconds: null, weight: null, alarmed: null, badges: null, udm: null, detail: null };
    expect(rows).toEqual([
      { ...full, udm: { actor_user: 'bart@example.com', source_ip: null } },
      { ...door('b'), ...nothing },
    ]);
    expect(columns.map(({ name }) => name)).toEqual(doorTable.columns.map(({ name }) => name));
    expect(columns.map(({ type }) => type)).toEqual(
      doorTable.columns.map(({ type }) => type.replace('STRUCT', 'STRUCT("actor_user" VARCHAR, "source_ip" VARCHAR)')),
    );
  });

  it('take hostile texts as they are, but for half characters', async () => {
    const lake = await open(await makeDirectory());
    const texts = [
      `'; DROP TABLE x; --`,
      '{"a":1}',
      '\\ud800',
      '\\\\ud83d',
      '"\n\r\u2028',
      '',
      '\ud83d\ude00',
      'x'.repeat(20_000_000),
    ];
    await write(
      lake,
      [...texts, 'half \ud800 character'].map((text, n) =>
        door(String(n), '2026-01-02', { door: text, detail: { [text.slice(0, 9)]: text.slice(0, 9) } }),
      ),
    );
    const stored = await column(lake, 'SELECT door FROM acme_door WHERE len(door) < 1000 ORDER BY p_row_id');
    expect(stored).toEqual([...texts.slice(0, -1), 'half \ufffd character']);
    expect(await column(lake, 'SELECT len(door) FROM acme_door WHERE len(door) > 1000')).toEqual([20_000_000]);
  });

  it('may be more in one commit than one text or transaction holds, and come twice', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    const rows = Array.from({ length: 12_000 }, (_, n) => door(String(n % 11_000), '2026-01-02', { detail }));
    const put = [{ space: 'position', key: 'detect', value: 7 }] as const;
    lake.registerTables([doorTable]);
    await lake.state.commit({ rows: [{ table: 'acme_door', rows: rows.slice(0, 5) }] });
    await lake.state.commit({ rows: [{ table: 'acme_door', rows }], put });
    const { length } = await partFiles(directory);
    expect(length).toBeGreaterThan(2);
    await lake.close();
    const again = await open(directory);
    expect(await column(again, 'SELECT count(*) FROM acme_door')).toEqual([11_000]);
    expect(await again.state.get('position', 'detect')).toBe(7);
    const conflict = { expect: [{ space: 'position', key: 'detect', value: 8 }] } as const;
    await expect(again.state.commit({ rows: [{ table: 'acme_door', rows }], ...conflict })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    expect(await column(again, 'SELECT count(*) FROM acme_door')).toEqual([11_000]);
  });

  it('are encoded to texts of at most 4 Mi characters, in order', () => {
    let sequence = 0;
    const rows = Array.from({ length: 3_000 }, (_, n) => door(String(n), `2026-01-0${1 + (n % 2)}`, { detail }));
    const encoded = encodeRows(doorTable, [...rows, door('big', '2026-01-01', { door: 'x'.repeat(5_000_000) })], () => {
      sequence += 1;
      return sequence;
    });
    const of = (day: string) => encoded.filter((entry) => entry.day === day);
    expect([of('2026-01-01').length, of('2026-01-02').length]).toEqual([3, 2]);
    expect(encoded.filter(({ lines }) => lines.length > 4 * 1024 * 1024).map(({ rowCount }) => rowCount)).toEqual([1]);
    expect(encoded.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(3_001);
    for (const { lines, rowCount, lastSequence } of encoded) {
      expect(lines.match(/\n/g)).toHaveLength(rowCount);
      expect(lines.slice(lines.lastIndexOf('\n', lines.length - 2) + 1)).toMatch(`{"margay_seq":${lastSequence},`);
    }
  });

  it('are seen by a query as soon as they are committed, together with the state of their commit', async () => {
    const lake = await open(await makeDirectory());
    for (const id of ['a', 'b']) {
      await lake.state.commit({
        rows: [{ table: 'rule_matches', rows: [match(id)] }],
        put: [{ space: 'match', key: id, value: 1 }],
      });
    }
    expect(await column(lake, 'SELECT p_match_id FROM rule_matches ORDER BY ALL')).toEqual(['a', 'b']);
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('c')] }] });
    expect(await column(lake, 'SELECT p_match_id FROM rule_matches ORDER BY ALL')).toEqual(['a', 'b', 'c']);
  });

  it('are there after the lake was opened again, flushed or not', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    await write(lake, [door('a')]);
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('a')] }] });
    await lake.flush();
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('b')] }] });
    await lake.close();
    const again = await open(directory);
    expect(await column(again, 'SELECT p_match_id FROM rule_matches ORDER BY ALL')).toEqual(['a', 'b']);
    expect(await column(again, 'SELECT p_row_id FROM acme_door')).toEqual(['a']);
  });

  it('with the same key are stored once, in one write and over several', async () => {
    const lake = await open(await makeDirectory());
    expect(await write(lake, [door('a'), door('b', '2026-01-03'), door('a', '2026-01-02', { door: 'again' })])).toBe(2);
    expect(await write(lake, [door('a'), door('b', '2026-01-03'), door('c')])).toBe(1);
    expect(await write(lake, [door('a')], 9)).toBe(0);
    expect(await lake.state.get('position', 'lake')).toBe(9);
    expect(await column(lake, 'SELECT door FROM acme_door ORDER BY ALL')).toEqual(['door a', 'door b', 'door c']);
    for (const id of ['x', 'y', 'x']) await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match(id)] }] });
    await lake.flush();
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('y'), match('z'), match('z')] }] });
    expect(await column(lake, 'SELECT p_match_id FROM rule_matches ORDER BY ALL')).toEqual(['x', 'y', 'z']);
  });

  it('count rows that still wait as stored', async () => {
    const lake = await open(await makeDirectory());
    lake.registerTables([doorTable]);
    await lake.state.commit({ rows: [{ table: 'acme_door', rows: [door('a')] }] });
    expect(await write(lake, [door('a'), door('b')])).toBe(1);
    expect(await column(lake, 'SELECT p_row_id FROM acme_door ORDER BY ALL')).toEqual(['a', 'b']);
  });

  it('replace earlier ones where the table says so, in the order they were committed', async () => {
    const lake = await open(await makeDirectory());
    const counts = 'SELECT alert_id, match_count FROM alerts ORDER BY ALL';
    for (const rows of [[alert('a', 1), alert('b', 1), alert('a', 2)], [alert('a', 3)]]) {
      await lake.state.commit({ rows: [{ table: 'alerts', rows }] });
    }
    expect((await query(lake, counts)).rows).toEqual([
      { alert_id: 'a', match_count: 3 },
      { alert_id: 'b', match_count: 1 },
    ]);
    await lake.state.commit({ rows: [{ table: 'alerts', rows: [alert('b', 2)] }] });
    expect((await query(lake, counts)).rows).toEqual([
      { alert_id: 'a', match_count: 3 },
      { alert_id: 'b', match_count: 2 },
    ]);
  });

  it('of rule_matches name the alert that came later', async () => {
    const lake = await open(await makeDirectory());
    const rows = [match('a', { p_alert_id: 'own' }), match('b'), match('c')];
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows }] });
    const alerts = 'SELECT p_match_id, p_alert_id FROM rule_matches ORDER BY ALL';
    expect((await query(lake, alerts)).rows.map((row) => row.p_alert_id)).toEqual(['own', null, null]);
    const links = ['a', 'b', 'b'].map((id) => ({ match_id: id, alert_id: `alert of ${id}` }));
    await lake.state.commit({ rows: [{ table: 'match_alerts', rows: links }] });
    await lake.state.commit({ rows: [{ table: 'match_alerts', rows: [{ match_id: 'b', alert_id: 'too late' }] }] });
    expect((await query(lake, alerts)).rows.map((row) => row.p_alert_id)).toEqual(['own', 'alert of b', null]);
  });

  it('read as NULL in columns that came later, also in fields of a struct', async () => {
    const lake = await open(await makeDirectory());
    const narrow = {
      ...doorTable,
      columns: doorTable.columns.slice(0, 3).concat({ name: 'udm', type: 'STRUCT', fields: ['actor_user'] }),
    };
    await write(lake, [door('a', '2026-01-02', { udm: { actor_user: 'u' } })], 1, narrow);
    const sql = 'SELECT p_row_id, seconds, udm, detail FROM acme_door ORDER BY ALL';
    const first = { p_row_id: 'a', seconds: null, udm: { actor_user: 'u', source_ip: null }, detail: null };
    expect((await query(lake, sql)).rows).toEqual([first]);
    await write(lake, [door('b', '2026-01-02', { seconds: 1, udm: { source_ip: '192.0.2.1' }, detail: [] })]);
    const second = { p_row_id: 'b', seconds: 1, udm: { actor_user: null, source_ip: '192.0.2.1' }, detail: [] };
    expect((await query(lake, sql)).rows).toEqual([first, second]);
    await write(lake, [door('c')], 1, narrow);
    expect((await query(lake, sql)).rows.slice(0, 2)).toEqual([first, second]);
  });

  it('of many small parts end up in few, while a query may still read the old ones', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    for (let n = 0; n < 20; n += 1) {
      await write(lake, [door(`a${n}`), door(`b${n}`, '2026-01-03')]);
      await lake.state.commit({ rows: [{ table: 'alerts', rows: [alert('a', n)] }] });
      await lake.flush();
      if (n % 5 === 0) expect(await column(lake, 'SELECT count(*) FROM acme_door')).toEqual([2 * n + 2]);
    }
    await lake.sweep();
    const files = await partFiles(directory);
    expect(files.length).toBeLessThanOrEqual(3 * 8);
    expect(await column(lake, 'SELECT count(DISTINCT p_row_id) FROM acme_door')).toEqual([40]);
    expect(await column(lake, 'SELECT match_count FROM alerts')).toEqual([19]);
    expect(await write(lake, [door('a0'), door('b19', '2026-01-03')])).toBe(0);
  });

  it('leave no files behind when their commit fails', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    await write(lake, [door('a')]);
    const expectation = { space: 'position', key: 'lake', value: 'another' } as const;
    const events = { tables: [{ table: doorTable, rows: [door('b')] }], commit: { expect: [expectation] } };
    await expect(writeEvents(lake, events)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await partFiles(directory)).toHaveLength(1);
    expect(await column(lake, 'SELECT p_row_id FROM acme_door')).toEqual(['a']);
  });

  it('that could not be written are written later', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('a')] }] });
    await rename(join(directory, 'parts'), join(directory, 'elsewhere'));
    await writeFile(join(directory, 'parts'), 'in the way');
    await expect(lake.flush()).rejects.toMatchObject({ code: 'LAKE_WRITE_FAILED' });
    await rm(join(directory, 'parts'));
    await rename(join(directory, 'elsewhere'), join(directory, 'parts'));
    expect(await column(lake, 'SELECT p_match_id FROM rule_matches')).toEqual(['a']);
  });

  it('are never lost silently: a missing file is named at opening, a foreign one is removed', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    await write(lake, [door('a')]);
    await lake.close();
    const [file = ''] = await partFiles(directory);
    await writeFile(join(directory, 'parts', 'acme_door', '2026-01-02-orphan.parquet'), 'half');
    await rename(join(directory, 'parts', file), join(directory, 'kept'));
    await expect(open(directory)).rejects.toMatchObject({
      code: 'LAKE_PART_MISSING',
      message: expect.stringContaining(file),
    });
    await rename(join(directory, 'kept'), join(directory, 'parts', file));
    const again = await open(directory);
    expect(await partFiles(directory)).toEqual([file]);
    expect(await column(again, 'SELECT p_row_id FROM acme_door')).toEqual(['a']);
  });
});
