import type { LogField } from '../../model/log-type.ts';
import type { Path } from '../../model/path.ts';
import type { Scalar } from './scalar.ts';

/** A JSON value, NULL where it is missing, with what is known of it and the way on from there. */
export interface JsonPlace {
  readonly kind: 'json';
  readonly json: string;
  readonly path: Path;
  /** What the log type declares `json` to be. `undefined`: nothing. */
  readonly field: LogField | undefined;
  /** `json` is certainly an object where it is not NULL, even if nothing is declared. */
  readonly isObject: boolean;
  /** With an empty path: whether the value is there as null, which JSON columns hold as NULL. */
  readonly isNull?: string;
  /** With an empty path: the same as a list of texts. */
  readonly texts?: string;
}

/** How a field of a record is read. */
export type Reading =
  /** A single value, NULL where it is missing or null. */
  | {
      readonly kind: 'scalar';
      readonly scalar: Scalar;
      /** Whether it is there, if only as null. */
      readonly exists: string;
    }
  | JsonPlace
  /** One or the other, as the record decides. */
  | { readonly kind: 'either'; readonly when: string; readonly ifSo: Reading; readonly otherwise: Reading }
  | { readonly kind: 'nothing' };

/** A record whose fields are read: the row, or an element of an array. */
export interface RecordScope {
  read(field: string): Reading;
  /** All that a keyword is looked for in. */
  readonly leaves: () => readonly Leaves[];
  /** A name for a variable that is not used yet. */
  fresh(): string;
}

/** Values that a keyword is looked for in: those of a field, or all in a JSON value, at any depth. */
export type Leaves =
  | { readonly kind: 'field'; readonly reading: Reading }
  | { readonly kind: 'tree'; readonly json: string };
