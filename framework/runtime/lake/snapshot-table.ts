import { join } from 'node:path';
import type { Table } from '../../model/table.ts';
import { mayHold } from './is-within.ts';
import type { Part } from './part.ts';
import { schemaOf } from './part-schema.ts';
import type { FileRead, TableSnapshot } from './query-message.ts';

/** More keys than this are not looked for one by one. */
const maxKeys = 32;

/**
 * How the parts of a table are read. Where a query can see but a few values of the column that parts are sorted by, each
 * is read by itself: DuckDB leaves out row groups for `=`, and none for `IN`.
 *
 * @param directory - The lake's, absolute.
 * @param keys - Absent: all that there are.
 */
export function snapshotTable(
  table: Table,
  parts: readonly Part[],
  directory: string,
  keys: readonly string[] | undefined,
): TableSnapshot {
  const isNarrow = table.sortBy !== undefined && !table.replaces && keys !== undefined && keys.length <= maxKeys;
  const each = isNarrow ? [...new Set(keys)] : [undefined];
  const schema = schemaOf(table);
  const reads = each.flatMap((key) => {
    const ofKey = key === undefined ? parts : parts.filter((part) => mayHold(part, key));
    return [true, false].map((isUniform): FileRead => {
      const alike = ofKey.filter((part) => (part.schema === schema) === isUniform);
      return { files: alike.map(({ file }) => join(directory, file)), isUniform, key };
    });
  });
  return { table, reads: reads.filter(({ files }) => files.length > 0) };
}
