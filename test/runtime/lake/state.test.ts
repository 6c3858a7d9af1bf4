import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Changes } from '../../../framework/model/state.ts';
import { makeDirectory, match, open, query } from './lake-directory.ts';

const child = fileURLToPath(new URL('./write-child.js', import.meta.url));

describe('the state of a lake', () => {
  it('gives back what was put, also after it was opened again, until it is removed', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    const value = { text: `o'clock \u0000 \ud83d\ude00 \ud800`, list: [1, null, { deep: true }] };
    await lake.state.commit({ put: [{ space: 'window', key: 'a/b\u0000 \ud83d\ude00', value }] });
    await lake.close();
    const again = await open(directory);
    expect(await again.state.get('window', 'a/b\u0000 \ud83d\ude00')).toEqual(value);
    expect(await again.state.get('firing', 'a/b\u0000 \ud83d\ude00')).toBeUndefined();
    await again.state.commit({ remove: [{ space: 'window', key: 'a/b\u0000 \ud83d\ude00' }] });
    expect(await again.state.list('window')).toEqual([]);
  });

  it('takes the last of several values for one key, and a value over a removal', async () => {
    const { state } = await open(await makeDirectory());
    const put = [1, 2, 3].map((value) => ({ space: 'position', key: 'lake', value }) as const);
    await state.commit({ put, remove: [{ space: 'position', key: 'lake' }] });
    expect(await state.get('position', 'lake')).toBe(3);
  });

  it.each([1, 7, 8, 65, 513, 1200])('gets %i keys at once', async (count) => {
    const { state } = await open(await makeDirectory());
    const keys = Array.from({ length: count }, (_, n) => `key-${n}`);
    await state.commit({ put: keys.map((key) => ({ space: 'match', key, value: { key } })) });
    const found = await state.getMany('match', [...keys, 'missing']);
    expect([...found]).toEqual(keys.map((key) => [key, { key }]));
    await state.commit({ remove: keys.map((key) => ({ space: 'match', key })) });
    expect(await state.getMany('match', keys)).toEqual(new Map());
  });

  it('lists a space in key order, by prefix and limit', async () => {
    const { state } = await open(await makeDirectory());
    const put = ['b%/2', 'a/1', 'b%/1', 'b%/3', 'bb'].map((key) => ({ space: 'ledger', key, value: 0 }) as const);
    await state.commit({ put: [...put, { space: 'outbox', key: 'b%/0', value: 0 }] });
    expect((await state.list('ledger')).map(({ key }) => key)).toEqual(['a/1', 'b%/1', 'b%/2', 'b%/3', 'bb']);
    expect((await state.list('ledger', { prefix: 'b%/', limit: 2 })).map(({ key }) => key)).toEqual(['b%/1', 'b%/2']);
  });

  it('changes nothing when an expectation fails', async () => {
    const lake = await open(await makeDirectory());
    const live = { space: 'channel', key: 'live' } as const;
    await lake.state.commit({ put: [{ ...live, value: { serial: 1, digest: 'a' } }] });
    const swap = (expected: unknown): Changes => ({
      expect: [{ ...live, value: expected }],
      put: [{ ...live, value: { serial: 2, digest: 'b' } }],
      rows: [{ table: 'rule_matches', rows: [match('m')] }],
    });
    await expect(lake.state.commit(swap({ serial: 2, digest: 'a' }))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(lake.state.commit(swap(undefined))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await query(lake, 'SELECT p_match_id FROM rule_matches')).rows).toEqual([]);
    await lake.state.commit(swap({ digest: 'a', serial: 1 }));
    expect(await lake.state.get('channel', 'live')).toEqual({ serial: 2, digest: 'b' });
  });

  it('lets one of many who claim the same key win', async () => {
    const { state } = await open(await makeDirectory());
    const claims = Array.from({ length: 20 }, (_, value) =>
      state.commit({
        expect: [{ space: 'ledger', key: 'run', value: undefined }],
        put: [{ space: 'ledger', key: 'run', value }],
      }),
    );
    const outcomes = await Promise.allSettled(claims);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await state.get('ledger', 'run')).toBe(0);
  });

  it.each([
    ['a table that is not known', { table: 'nosuch', rows: [{}] }, 'LAKE_TABLE_UNKNOWN'],
    ['a column that the table lacks', { table: 'rule_matches', rows: [match('m', { typo: 1 })] }, 'LAKE_ROW_INVALID'],
    ['a value of a wrong type', { table: 'rule_matches', rows: [match('m', { p_rule_id: 7 })] }, 'LAKE_ROW_INVALID'],
    [
      'a time that is none',
      { table: 'rule_matches', rows: [match('m', { p_match_time: '2026-13-01' })] },
      'LAKE_ROW_INVALID',
    ],
    ['a row without a time', { table: 'rule_matches', rows: [match('m', { p_event_time: null })] }, 'LAKE_ROW_INVALID'],
    [
      'a row without a key',
      { table: 'rule_matches', rows: [match('m', { p_match_id: undefined })] },
      'LAKE_ROW_INVALID',
    ],
    ['what JSON cannot say', { table: 'rule_matches', rows: [match('m', { p_event: { n: 1n } })] }, 'LAKE_ROW_INVALID'],
  ])('refuses %s, and commits nothing', async (_, rows, code) => {
    const { state } = await open(await makeDirectory());
    const commit = state.commit({ put: [{ space: 'position', key: 'detect', value: 1 }], rows: [rows] });
    await expect(commit).rejects.toMatchObject({ code });
    expect(await state.get('position', 'detect')).toBeUndefined();
  });

  it('is open in one runtime at a time, and says which', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory);
    const refusal = { code: 'LAKE_LOCKED', message: expect.stringContaining(String(process.pid)) };
    await expect(open(directory)).rejects.toMatchObject(refusal);
    const other = spawn(process.execPath, [child, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    other.stdout.setEncoding('utf8');
    expect((await once(other.stdout, 'data'))[0]).toContain(`LAKE_LOCKED The lake is open in process ${process.pid}`);
    await lake.close();
    await expect(lake.state.get('position', 'lake')).rejects.toMatchObject({ code: 'LAKE_CLOSED' });
    await open(directory);
  });

  it('refuses a state file that is none', async () => {
    const directory = await makeDirectory();
    await writeFile(join(directory, 'state.duckdb'), 'not a database'.repeat(1_000));
    await expect(open(directory)).rejects.toMatchObject({ code: 'LAKE_OPEN_FAILED' });
  });
});
