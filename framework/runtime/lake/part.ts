/** A Parquet file: exists for the lake only through its manifest entry, in State space 'part', under its file. */
export interface Part {
  /** Relative to the lake's directory. */
  readonly file: string;
  readonly table: string;
  /** `2026-01-31`, UTC. */
  readonly day: string;
  readonly rowCount: number;
  readonly bytes: number;
  /** The highest sequence number of its rows. */
  readonly lastSequence: number;
}

/** The folder of parts in the lake's directory, one folder per table in it. */
export const partsFolder = 'parts';

/** The folder of unfinished files in the lake's directory. Emptied when the lake is opened. */
export const draftsFolder = 'drafts';
