import type { ErrorCode } from '../../model/error-codes.ts';
import type { Problem, Where } from '../../model/margay-error.ts';
import type { Column } from '../../model/table.ts';

/** A row of a lookup as it is written: in YAML, CSV or NDJSON. */
export interface WrittenRow {
  /** Column → value, checked for nothing yet. */
  readonly cells: Readonly<Record<string, unknown>>;
  /** Where the value under a name stands, or the name itself; where the row begins when it has no such name. */
  where(name: string, part: 'key' | 'value'): Where;
}

/** The rows of a lookup, and what is wrong with the file they are in. */
export interface WrittenRows {
  readonly rows: readonly WrittenRow[];
  readonly problems: readonly Problem[];
}

/** Reads the text of a file of rows. */
export type ReadRows = (file: string, text: string, columns: readonly Column[]) => WrittenRows;

/** A problem inside a lookup. */
export function rowProblem(code: ErrorCode, where: Where, message: string, hint?: string): Problem {
  return { code, message, where, ...(hint === undefined ? {} : { hint }), severity: 'error' };
}
