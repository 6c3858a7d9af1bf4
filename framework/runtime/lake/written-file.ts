import type { Part } from './part.ts';

/** A Parquet file, as DuckDB's `COPY … (RETURN_STATS)` tells of it. */
export interface WrittenFile {
  readonly path: string;
  readonly rowCount: number;
  /** Column → its first and last value, where all values are short enough for the statistics of the file. */
  readonly ranges: ReadonlyMap<string, NonNullable<Part['keys']>>;
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

/** Reads a row of the result of a COPY. */
export function writtenFile(row: Readonly<Record<string, unknown>>): WrittenFile {
  const ranges = new Map<string, NonNullable<Part['keys']>>();
  for (const { key, value } of row.column_statistics as readonly Entry[]) {
    const statistics = new Map((value as readonly Entry[]).map((entry) => [entry.key, entry.value]));
    const [first, last] = [statistics.get('min'), statistics.get('max')];
    if (typeof first === 'string' && typeof last === 'string') ranges.set(unquoted(key), { first, last });
  }
  return { path: String(row.filename), rowCount: Number(row.count), ranges };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
