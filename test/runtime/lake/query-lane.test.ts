import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { QueryLane } from '../../../framework/runtime/lake/query-lane.ts';

/** A lane, and queries in it that end when they are told to. */
function openLane(maxRunning = 2, maxWaiting = 2) {
  const lane = new QueryLane({ maxRunning, maxWaiting });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const start = async (name: string, signal?: AbortSignal): Promise<string> => {
    const leave = await lane.enter(signal);
    begun.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    leave();
    return name;
  };
  return { lane, begun, start, end: (name: string) => ends.get(name)?.() };
}

it('runs two at a time, the others when their turn comes, and refuses more than may wait', async () => {
  const { begun, start, end } = openLane();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => start(name));
  await expect(start('e')).rejects.toMatchObject({ code: 'LAKE_BUSY', message: expect.stringContaining('2 wait') });
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await b;
  await setImmediate();
  expect(begun).toEqual(['a', 'b', 'c']);
  const f = start('f');
  for (const name of ['a', 'c']) end(name);
  await Promise.all([a, c]);
  await setImmediate();
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f']);
  for (const name of ['d', 'f']) end(name);
  expect(await Promise.all([d, f])).toEqual(['d', 'f']);
});

it('lets one that is given up leave the queue, or never enter it', async () => {
  const { begun, start, end } = openLane(1, 1);
  const abort = new AbortController();
  const a = start('a');
  const b = start('b', abort.signal);
  await expect(start('c')).rejects.toMatchObject({ code: 'LAKE_BUSY' });
  abort.abort();
  await expect(b).rejects.toMatchObject({ code: 'LAKE_QUERY_ABORTED' });
  await expect(start('d', AbortSignal.abort())).rejects.toMatchObject({ code: 'LAKE_QUERY_ABORTED' });
  const e = start('e');
  end('a');
  await a;
  await setImmediate();
  expect(begun).toEqual(['a', 'e']);
  end('e');
  await e;
});

it('refuses those that wait when it closes, and whoever comes', async () => {
  const { lane, begun, start, end } = openLane(1);
  const a = start('a');
  const b = start('b');
  lane.close();
  await expect(b).rejects.toMatchObject({ code: 'LAKE_CLOSED' });
  await expect(start('c')).rejects.toMatchObject({ code: 'LAKE_CLOSED' });
  end('a');
  await a;
  expect(begun).toEqual(['a']);
});
