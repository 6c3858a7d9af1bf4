/** A Parquet file: exists for the lake only through its manifest entry, in State space 'part', under its file. */
export interface Part {
  /** Relative to the lake's directory. */
  readonly file: string;
  readonly table: string;
  /** `2026-01-31`, UTC. */
  readonly day: string;
  readonly rowCount: number;
  readonly bytes: number;
  /** No row of it has a higher sequence number. */
  readonly lastSequence: number;
  /** Which columns of which types it has: see {@link schemaOf}. Absent: not those of one table. */
  readonly schema?: string | undefined;
  /** The values of the table's first sort column lie between these, both included. Absent: they may be any. */
  readonly keys?: { readonly first: string; readonly last: string } | undefined;
  /** What parts of one merge have in common: their rows are sorted from part to part. Absent: it stands by itself. */
  readonly run?: string | undefined;
}

/** The files of parts. */
export function filesOf(parts: readonly Part[]): readonly string[] {
  return parts.map(({ file }) => file);
}

/** The folder of parts in the lake's directory, one folder per table in it. */
export const partsFolder = 'parts';

/** The folder of unfinished files in the lake's directory. Emptied when the lake is opened. */
export const draftsFolder = 'drafts';
