import type { ErrorCode } from '../model/error-codes.ts';
import type { Expression } from './ast/ast.ts';
import { childrenOf } from './ast/walk.ts';

/** Something wrong with a query. */
export interface SqlProblem {
  readonly code: ErrorCode;
  /** What was found and what was expected. */
  readonly message: string;
  /** What to type instead. */
  readonly hint?: string | undefined;
  /** Where, in characters from the start of the SQL text. */
  readonly offset?: number | undefined;
  /** An `error` stops the compile; a `finding` is reported and lets it go on. */
  readonly severity: 'error' | 'finding';
}

/** Collects the problems of one query, with the places that the AST knows. */
export interface Report {
  readonly problems: readonly SqlProblem[];
  /** Adds a problem at a place. The same problem twice is one. */
  add(code: ErrorCode, at: Place, message: string, hint?: string | undefined, severity?: SqlProblem['severity']): void;
  /** The offset of a place, in characters; of its first part that has one. */
  offsetOf(at: Place): number | undefined;
}

/** What a problem is about: a node of the AST, or an offset in characters. */
export type Place = number | Expression | { readonly query_location?: unknown } | undefined;

/** Builds a {@link Report} for a text whose byte offsets `toChars` turns into characters. */
export function createReport(toChars: (bytes: number) => number): Report {
  const problems: SqlProblem[] = [];
  const offsetOf = (at: Place): number | undefined => {
    if (at === undefined || typeof at === 'number') return at;
    const bytes = bytesOf(at);
    return bytes === undefined ? undefined : toChars(bytes);
  };
  return {
    problems,
    offsetOf,
    add: (code, at, message, hint, severity = 'error') => {
      const offset = offsetOf(at);
      const known = problems.some(
        (problem) => problem.code === code && problem.message === message && problem.offset === offset,
      );
      if (!known)
        problems.push({
          code,
          message,
          severity,
          ...(hint === undefined ? {} : { hint }),
          ...(offset === undefined ? {} : { offset }),
        });
    },
  };
}

/** Where a node stands; where the parser gives it no place (subscripts, typed literals), its first child with one. */
function bytesOf(node: { readonly query_location?: unknown }): number | undefined {
  if (typeof node.query_location === 'number') return node.query_location;
  if (!('class' in node)) return undefined;
  const inside = childrenOf(node as Expression).flatMap((child) => bytesOf(child) ?? []);
  return inside.length > 0 ? Math.min(...inside) : undefined;
}
