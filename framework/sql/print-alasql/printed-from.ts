import type { Source } from '../scope/bound.ts';

/** A FROM clause in alasql's SQL, and how its columns are written. */
export interface PrintedFrom {
  /** `''` for a SELECT without FROM. */
  readonly text: string;
  readonly column: (source: Source, name: string) => string;
}
