import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Row } from '../../../framework/model/table.ts';
import { encodeRows } from '../../../framework/runtime/lake/encode-rows.ts';
import { countRows, keyOfRow, type PackedRows, packRows } from '../../../framework/runtime/lake/pack-rows.ts';
import { RowPacker } from '../../../framework/runtime/lake/row-packer.ts';
import { door, doorTable } from './lake-directory.ts';

function pack(rows: readonly Row[]): readonly PackedRows[] {
  let sequence = 1;
  const packer = new RowPacker(doorTable, () => sequence++);
  for (const row of rows) packer.add(row);
  return packer.finish();
}

/** What two ways of packing have in common: they may begin another entry at other rows. */
function contentOf(packed: readonly PackedRows[]) {
  return [...new Set(packed.map(({ day }) => day))].map((day) => {
    const entries = packed.filter((entry) => entry.day === day);
    return {
      day,
      text: entries.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join(''),
      hashes: entries.flatMap(({ hashes }) => [...hashes]),
      lengths: entries.flatMap(({ offsets }) =>
        [...offsets.slice(1)].map((end, row) => end - (offsets[row] as number)),
      ),
      lastSequence: entries.at(-1)?.lastSequence,
    };
  });
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'ü', '"', '\\', '\n', '\ud800', '\ufeffx', '\ud83d\ude00', '0123456789abcdef0123456789abcdef'),
);
const row = fc
  .record({ key: text, day: fc.constantFrom('2026-01-02', '2026-01-03'), list: fc.array(text, { maxLength: 3 }), text })
  .map(({ key, day, list, text: value }) => door(key, day, { badges: list, detail: { [value]: value } }));

it('rows that are packed as they come are what the same rows are as text', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      let sequence = 1;
      const asText = packRows(
        doorTable,
        encodeRows(doorTable, rows, () => sequence++),
      );
      expect(contentOf(pack(rows))).toEqual(contentOf(asText));
    }),
    { numRuns: 300 },
  );
});

it('rows of a day that are too many for one entry are several, and every row is whole', () => {
  const rows = Array.from({ length: 12 }, (_, n) =>
    door(`e${n}`, '2026-01-02', { detail: { text: 'ü'.repeat(n === 7 ? 5_000_000 : 400_000) } }),
  );
  const packed = pack(rows);
  expect(packed.length).toBeGreaterThan(2);
  const keys = packed.flatMap((entry) =>
    Array.from({ length: countRows(entry) }, (_, at) => keyOfRow(entry, at, doorTable)),
  );
  expect(keys).toEqual(rows.map(({ p_row_id }) => p_row_id));
  expect(packed.at(-1)?.lastSequence).toBe(12);
});

it('rows that were never added make no entry', () => expect(pack([])).toEqual([]));
