import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../framework/model/table.ts';
import type { OpenLake } from '../../../framework/runtime/lake/index.ts';
import { KeyFilter } from '../../../framework/runtime/lake/key-filter.ts';
import { hashKey } from '../../../framework/runtime/lake/key-hash.ts';
import { column, door, doorTable, makeDirectory, open, partFiles } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

async function write(lake: OpenLake, rows: readonly Row[]): Promise<number> {
  return (await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} })).storedCount;
}

const ids = (from: number, count: number): readonly string[] => Array.from({ length: count }, (_, n) => `e${from + n}`);

/** Nothing, one filter, or as many as are wanted fit. */
const memories = [
  ['no filter fits', 0],
  ['one filter fits', 70_000],
  ['all filters fit', 100_000_000],
] as const;

describe('an event that comes again', () => {
  it.each(memories)(
    'is stored once while %s: at once, after others, after a restart and after compaction',
    async (_, maxKeyBytes) => {
      const directory = await makeDirectory();
      let lake = await open(directory, { maxKeyBytes });
      const days = ['2026-01-02', '2026-01-03', '2026-01-04'];
      for (let round = 0; round < 30; round++) {
        const day = days[round % 3] as string;
        const rows = ids(round * 10, 12).map((id) => door(`${day} ${id}`, day));
        expect(await write(lake, rows)).toBe(12);
        expect(await write(lake, [...rows, ...rows])).toBe(0);
        if (round % 7 === 6) {
          await lake.close();
          lake = await open(directory, { maxKeyBytes });
        }
        if (round % 5 === 4)
          expect(await write(lake, [door(`${day} e${round * 10}`, day), door(`new ${round}`, day)])).toBe(1);
      }
      expect(await column(lake, 'SELECT count(*) FROM acme_door')).toEqual([366]);
      expect(await column(lake, 'SELECT count(DISTINCT p_row_id) FROM acme_door')).toEqual([366]);
      expect((await partFiles(directory)).length).toBeLessThan(30);
    },
    60_000,
  );

  it('is known whatever its key is written with', async () => {
    const lake = await open(await makeDirectory());
    const keys = [
      '',
      'ü',
      '"',
      '\\',
      '\n',
      'a","p_row_id":"b',
      '0123456789abcdef0123456789abcdef',
      'ABCDEF',
      '\ud83d\ude00',
      ' x',
    ];
    const rows = keys.map((key) => door(key));
    expect(await write(lake, rows)).toBe(keys.length);
    for (const row of rows) expect(await write(lake, [row])).toBe(0);
    await lake.close();
  });

  it('is stored after a write that failed', async () => {
    const lake = await open(await makeDirectory());
    const commit = { expect: [{ space: 'position', key: 'lake', value: 8 }] } as const;
    const failing = writeEvents(lake, { tables: [{ table: doorTable, rows: [door('a'), door('b')] }], commit });
    await expect(failing).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await write(lake, [door('b'), door('a'), door('b')])).toBe(2);
  });
});

describe('a filter of keys', () => {
  it('knows every key that it was given, through all its segments, and nearly no other', () => {
    const filter = new KeyFilter();
    const hashes = new Uint32Array(200_000);
    for (let key = 0; key < 100_000; key++) hashKey(`key ${key}`, hashes, key * 2);
    for (let key = 0; key < 50_000; key++) filter.add(hashes[key * 2] as number, hashes[key * 2 + 1] as number);
    let [missed, mistaken] = [0, 0];
    for (let key = 0; key < 100_000; key++) {
      const isKnown = filter.has(hashes[key * 2] as number, hashes[key * 2 + 1] as number);
      if (key < 50_000 && !isKnown) missed++;
      if (key >= 50_000 && isKnown) mistaken++;
    }
    expect(missed).toBe(0);
    expect(mistaken).toBeLessThan(2);
    expect(filter.bytes).toBeLessThan(50_000 * 12);
  });

  it('knows any two numbers that it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff)), { maxLength: 50 }), (pairs) => {
        const filter = new KeyFilter();
        for (const [place, print] of pairs) filter.add(place, print);
        expect(pairs.every(([place, print]) => filter.has(place, print))).toBe(true);
      }),
    );
  });
});
