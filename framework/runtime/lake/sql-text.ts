import { quoteName, quoteText } from '../../model/quote-sql.ts';
import type { Column, Table } from '../../model/table.ts';

/** The hidden column of every part: a number that grows with every row, so that "latest" has a meaning. */
export const sequenceColumn = 'margay_seq';

/** DuckDB's type of a column. */
export function columnType(column: Column): string {
  if (column.type !== 'STRUCT') return column.type;
  return `STRUCT(${(column.fields ?? []).map((field) => `${quoteName(field)} VARCHAR`).join(', ')})`;
}

/** `read_parquet` over files written with different, ever wider, sets of columns. */
export function readParts(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteText).join(', ')}], union_by_name = true)`;
}

/** What keeps only the latest row of each key of a table that replaces; nothing for others. */
export function latestOnly(table: Table): string {
  return table.replaces ? ` QUALIFY ${isLatestOfKey(table)}` : '';
}

/** How the rows of a merged part are ordered: by what queries look for first, then by time. */
export function partOrder(table: Table): string {
  return [...(table.sortBy ?? []), table.time].map(quoteName).join(', ');
}

/**
 * How a part is written. Compression beyond level 1 takes twice the time for two per cent of the size. Groups are small
 * where rows are sorted, so that a query over a few detections need not read those of the others.
 */
export function copyOptions({ sortBy }: Table): string {
  return `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${sortBy ? 20_480 : 122_880}`;
}

/**
 * A relation with the table's columns and {@link sequenceColumn}, over parts that may lack some of them: what a
 * part lacks is NULL. With a table that replaces, only the latest row of each key.
 */
export function tableRelation(table: Table, files: readonly string[]): string {
  const columns = withSequence(table);
  const nulls = columns.map((column) => `NULL::${columnType(column)} AS ${quoteName(column.name)}`);
  const nothing = `SELECT ${nulls.join(', ')} WHERE false`;
  const rows = files.length === 0 ? nothing : `${nothing} UNION ALL BY NAME SELECT * FROM ${readParts(files)}`;
  const typed = columns.map(
    (column) => `${quoteName(column.name)}::${columnType(column)} AS ${quoteName(column.name)}`,
  );
  return `SELECT ${typed.join(', ')} FROM (${rows})${latestOnly(table)}`;
}

/**
 * The rows of an NDJSON file, typed; of those with the same key in a table that replaces, the last.
 *
 * @param maxLineBytes - An upper bound for the size of a line.
 */
export function batchQuery(table: Table, file: string, maxLineBytes: number): string {
  const columns = withSequence(table).map((column) => `${quoteText(column.name)}: ${quoteText(columnType(column))}`);
  const source = `read_json(${quoteText(file)}, format = 'newline_delimited', columns = {${columns.join(', ')}}, maximum_object_size = ${maxLineBytes + minObjectBytes})`;
  return `SELECT * FROM ${source}${latestOnly(table)}`;
}

/** DuckDB's own default. */
const minObjectBytes = 16_777_216;

function isLatestOfKey(table: Table): string {
  return `row_number() OVER (PARTITION BY ${quoteName(table.key)} ORDER BY ${sequenceColumn} DESC) = 1`;
}

function withSequence(table: Table): readonly Column[] {
  return [...table.columns, { name: sequenceColumn, type: 'BIGINT' }];
}
