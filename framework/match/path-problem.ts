import type { ErrorCode } from '../model/error-codes.ts';

/** Something wrong within `detection:`, before it is known where that stands in the file. */
export interface PathProblem {
  readonly code: ErrorCode;
  /** What was found and what was expected. */
  readonly message: string;
  /** What to type next. */
  readonly hint?: string;
  /** Keys and zero-based indexes from `detection:` down. `[]` is `detection:` itself. */
  readonly path: readonly (string | number)[];
  /** `key`: the last step of `path` is a key and the problem is about the key, not its value. */
  readonly about?: 'key';
  /** Zero-based offset, in characters, into the text of that key or value. */
  readonly offset?: number;
  readonly severity: 'error' | 'finding';
}

/** A field that a detection reads, and the key that names it. */
export interface FieldUse {
  readonly field: string;
  readonly path: readonly (string | number)[];
}

/** Details of a problem at the place that a {@link Place} stands for. */
export interface ProblemDetails {
  readonly hint?: string | undefined;
  readonly about?: 'key';
  readonly offset?: number;
  readonly severity?: 'error' | 'finding';
}

/** A place in the detection that is being read: where it is, and where its problems and fields are noted. */
export class Place {
  readonly path: readonly (string | number)[];
  readonly problems: PathProblem[];
  readonly fields: FieldUse[];

  constructor(path: readonly (string | number)[] = [], problems: PathProblem[] = [], fields: FieldUse[] = []) {
    this.path = path;
    this.problems = problems;
    this.fields = fields;
  }

  /** The place one step further down. */
  at(step: string | number): Place {
    return new Place([...this.path, step], this.problems, this.fields);
  }

  /** Notes a problem; an error unless `severity` says otherwise. */
  report(code: ErrorCode, message: string, details: ProblemDetails = {}): void {
    const { hint, about, offset, severity = 'error' } = details;
    this.problems.push({
      code,
      message,
      path: this.path,
      severity,
      ...(hint === undefined ? {} : { hint }),
      ...(about === undefined ? {} : { about }),
      ...(offset === undefined ? {} : { offset }),
    });
  }

  /** Notes that the detection reads a field. */
  reads(field: string): void {
    this.fields.push({ field, path: this.path });
  }
}
