import { quoteName, quoteText } from '../../model/quote-sql.ts';
import type { Column, Table } from '../../model/table.ts';
import type { FileRead } from './query-message.ts';

/** The hidden column of every part: a number that grows with every row, so that "latest" has a meaning. */
export const sequenceColumn = 'margay_seq';

/** DuckDB's type of a column. */
export function columnType(column: Column): string {
  if (column.type !== 'STRUCT') return column.type;
  return `STRUCT(${(column.fields ?? []).map((field) => `${quoteName(field)} VARCHAR`).join(', ')})`;
}

/** `read_parquet` over files written with different, ever wider, sets of columns. */
export function readParts(files: readonly string[], options: readonly string[] = []): string {
  return `read_parquet([${files.map(quoteText).join(', ')}], ${['union_by_name = true', ...options].join(', ')})`;
}

/** What keeps only the latest row of each key of a table that replaces; nothing for others. */
export function latestOnly(table: Table): string {
  return table.replaces ? ` QUALIFY ${isLatestOfKey(table)}` : '';
}

/**
 * What sorts the rows of a merged part: by what queries look for first, then by time. Nothing for other tables, whose
 * rows stay as they came, which is about their order in time: sorting all columns of a large part takes more memory than
 * a merge has, twice the work, and gives a larger file.
 */
export function partOrder(table: Table): string {
  return table.sortBy ? ` ORDER BY ${[...table.sortBy, table.time].map(quoteName).join(', ')}` : '';
}

/**
 * Rows of a group of sorted rows: few, so that a query over some detections need not read those of the others, and that
 * sorting leaves memory for the group that is being written.
 */
const sortedGroupRows = 4_096;

/** Groups of a file of sorted rows, so that such a query need not open the files of the others, either. */
const minGroupsPerFile = 8;

/** A merge of a day makes no more files than about this. */
const maxFilesPerMerge = 32;

/**
 * How a part is written. Compression beyond level 1 does not make it smaller. Events are written in version 2 of the
 * format, which keeps texts and their lengths apart and numbers as differences: a tenth smaller, for less time. A group is
 * held in memory until it is whole, so that it is bounded in bytes; DuckDB does that only where order may be lost, which
 * one thread keeps.
 */
export function copyOptions({ sortBy, replaces }: Table): string {
  const layout = sortBy || replaces ? `ROW_GROUP_SIZE ${sortedGroupRows}` : 'PARQUET_VERSION v2, ROW_GROUP_SIZE 122880';
  return `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ${layout}, ROW_GROUP_SIZE_BYTES '64MB', RETURN_STATS`;
}

/** As {@link copyOptions}, for a folder of files that so many sorted rows are spread over in their order. */
export function splitOptions(table: Table, rowCount: number): string {
  const groups = Math.max(minGroupsPerFile, Math.ceil(rowCount / sortedGroupRows / maxFilesPerMerge));
  return `${copyOptions(table)}, ROW_GROUPS_PER_FILE ${groups}`;
}

/** A relation with the table's columns and {@link sequenceColumn}. With a table that replaces, the latest of each key. */
export function tableRelation(table: Table, reads: readonly FileRead[]): string {
  const rows = reads.length === 0 ? noRows(table) : reads.map((read) => readRelation(table, read)).join(' UNION ALL ');
  return `SELECT * FROM (${rows})${latestOnly(table)}`;
}

/** What a part lacks of the table's columns is NULL. */
function readRelation(table: Table, { files, isUniform, key }: FileRead): string {
  const rows = isUniform
    ? `SELECT * FROM read_parquet([${files.map(quoteText).join(', ')}])`
    : `${noRows(table)} UNION ALL BY NAME SELECT * FROM ${readParts(files)}`;
  const typed = withSequence(table).map(
    (column) => `${quoteName(column.name)}::${columnType(column)} AS ${quoteName(column.name)}`,
  );
  const [sortColumn] = table.sortBy ?? [];
  const isWanted =
    key === undefined || sortColumn === undefined ? '' : ` WHERE ${quoteName(sortColumn)} = ${quoteText(key)}`;
  return `SELECT ${typed.join(', ')} FROM (${rows})${isWanted}`;
}

function noRows(table: Table): string {
  const nulls = withSequence(table).map((column) => `NULL::${columnType(column)} AS ${quoteName(column.name)}`);
  return `SELECT ${nulls.join(', ')} WHERE false`;
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
