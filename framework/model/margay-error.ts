import type { ErrorCode } from './error-codes.ts';

/** A place in a file: path relative to the content root, line and column from 1. */
export interface Where {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** Something wrong with content. Checkers return every problem; they don't stop at the first. */
export interface Problem {
  readonly code: ErrorCode;
  /** What was found and what was expected. */
  readonly message: string;
  readonly where?: Where | undefined;
  /** What to type next. */
  readonly hint?: string | undefined;
  /** An `error` stops the compile; a `finding` is reported and lets it go on. */
  readonly severity: 'error' | 'finding';
}

/** Builds a {@link Where}. */
export function at(file: string, line: number, col: number): Where {
  return { file, line, col };
}

/** `file:line:col`, the form that editors and CI logs turn into links. */
export function formatWhere(where: Where): string {
  return `${where.file}:${where.line}:${where.col}`;
}

/** What a {@link MargayError} carries besides its message. */
export interface MargayErrorDetails {
  readonly where?: Where | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** Every problem behind the error, when there is more than one. */
  readonly problems?: readonly Problem[] | undefined;
}

/** The one error class: a stable `code`, what was found and expected, where, and what to do. */
export class MargayError extends Error {
  override readonly name = 'MargayError';
  readonly code: ErrorCode;
  readonly where: Where | undefined;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, details: MargayErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
  }
}
