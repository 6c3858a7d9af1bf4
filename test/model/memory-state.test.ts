import { describe, expect, it } from 'vitest';
import { createMemoryState } from '../../framework/model/memory-state.ts';

describe('createMemoryState', () => {
  it('gives back what was put, until it is removed', async () => {
    const state = createMemoryState();
    await state.commit({ put: [{ space: 'position', key: 'lake', value: 7 }] });
    expect(await state.get('position', 'lake')).toBe(7);
    expect(await state.get('window', 'lake')).toBeUndefined();
    await state.commit({ remove: [{ space: 'position', key: 'lake' }] });
    expect(await state.get('position', 'lake')).toBeUndefined();
  });

  it('lists a space in key order, by prefix and limit', async () => {
    const state = createMemoryState();
    const put = ['b/2', 'a/1', 'b/1', 'b/3'].map((key) => ({ space: 'ledger', key, value: { key } }) as const);
    await state.commit({ put });
    expect((await state.list('ledger')).map(({ key }) => key)).toEqual(['a/1', 'b/1', 'b/2', 'b/3']);
    expect(await state.list('ledger', { prefix: 'b/', limit: 2 })).toEqual([
      { key: 'b/1', value: { key: 'b/1' } },
      { key: 'b/2', value: { key: 'b/2' } },
    ]);
  });

  it('changes nothing when an expectation fails', async () => {
    const state = createMemoryState();
    await state.commit({ put: [{ space: 'channel', key: 'live', value: { serial: 1, digest: 'a' } }] });
    const swap = (serial: number) =>
      state.commit({
        expect: [{ space: 'channel', key: 'live', value: { digest: 'a', serial } }],
        put: [{ space: 'channel', key: 'live', value: { serial: 2, digest: 'a' } }],
        rows: [{ table: 'audit', rows: [{ audit_id: '1' }] }],
      });
    await expect(swap(0)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(state.takeRows().size).toBe(0);
    await swap(1);
    expect(await state.get('channel', 'live')).toEqual({ serial: 2, digest: 'a' });
  });

  it('expects no value where undefined is expected', async () => {
    const state = createMemoryState();
    const claim = () =>
      state.commit({
        expect: [{ space: 'match', key: 'm', value: undefined }],
        put: [{ space: 'match', key: 'm', value: true }],
      });
    await claim();
    await expect(claim()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('keeps copies, not references', async () => {
    const state = createMemoryState();
    const value = { count: 1 };
    const row = { alert_id: 'a', context: { n: 1 } };
    await state.commit({ put: [{ space: 'alert', key: 'a', value }], rows: [{ table: 'alerts', rows: [row] }] });
    value.count = 2;
    row.context.n = 2;
    const read = await state.get<{ count: number }>('alert', 'a');
    if (read) read.count = 3;
    expect(await state.get('alert', 'a')).toEqual({ count: 1 });
    expect([...state.takeRows()]).toEqual([['alerts', [{ alert_id: 'a', context: { n: 1 } }]]]);
    expect(state.takeRows().size).toBe(0);
  });
});
