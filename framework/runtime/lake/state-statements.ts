/** An id is the space, a slash and the key: a single column, because DuckDB looks up no index of two. */
export const createState = 'CREATE TABLE IF NOT EXISTS state (id VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)';

/** Rows that are committed and wait to become a part. */
export const createWaiting =
  'CREATE TABLE IF NOT EXISTS waiting (last_sequence BIGINT NOT NULL, table_name VARCHAR NOT NULL, day VARCHAR NOT NULL, row_count BIGINT NOT NULL, lines VARCHAR NOT NULL)';

export const upsertValues =
  'INSERT INTO state SELECT unnest($1), unnest($2) ON CONFLICT DO UPDATE SET value = excluded.value';

export const selectState = 'SELECT id, value FROM state';

export const selectWaiting =
  'SELECT last_sequence, table_name, day, row_count, lines FROM waiting ORDER BY last_sequence';

export const listValues = 'SELECT id, value FROM state WHERE id >= $1 AND starts_with(id, $1) ORDER BY id LIMIT $2';

export const countWaiting =
  'SELECT table_name, sum(row_count)::BIGINT AS row_count, max(last_sequence) AS last_sequence FROM waiting GROUP BY table_name';

/** The oldest rows, of several tables, whose texts are together not longer than `$2` bytes; the first in any case. */
export const readWaiting = `
  WITH sizes AS (
    SELECT last_sequence, strlen(lines) AS bytes FROM waiting WHERE table_name IN (SELECT unnest($1))
  ), sums AS (
    SELECT last_sequence, sum(bytes) OVER (ORDER BY last_sequence) - bytes AS bytes_before FROM sizes
  )
  SELECT table_name, day, row_count, last_sequence, lines FROM waiting
  WHERE table_name IN (SELECT unnest($1))
    AND last_sequence <= (SELECT max(last_sequence) FROM sums WHERE bytes_before < $2)
  ORDER BY last_sequence`;

export const deleteWaiting = 'DELETE FROM waiting WHERE table_name = $1 AND last_sequence <= $2';

/** One row per five parameters: bound one by one, because large texts in a bound list take four times as long. */
export function insertWaiting(count: number): string {
  const rows = Array.from({ length: count }, (_, row) => `(${parameters(5, row * 5)})`);
  return `INSERT INTO waiting VALUES ${rows.join(', ')}`;
}

/** Lists of ids come in these lengths, filled up by repetition: a literal list uses the index, a subquery does not. */
const listLengths = [1, 8, 64, 512] as const;

/** Ids in lists of the lengths that have a statement. */
export function idLists(ids: readonly string[]): readonly (readonly string[])[] {
  const lists: string[][] = [];
  for (let start = 0; start < ids.length; start += 512) {
    const list = ids.slice(start, start + 512);
    const length = listLengths.find((known) => known >= list.length) ?? 512;
    lists.push([...list, ...Array<string>(length - list.length).fill(list[0] as string)]);
  }
  return lists;
}

export function selectValues(count: number): string {
  return `SELECT id, value FROM state WHERE id IN (${parameters(count)})`;
}

export function deleteValues(count: number): string {
  return `DELETE FROM state WHERE id IN (${parameters(count)})`;
}

function parameters(count: number, before = 0): string {
  return Array.from({ length: count }, (_, index) => `$${before + index + 1}`).join(', ');
}
