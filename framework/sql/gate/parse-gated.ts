import { MargayError } from '../../model/margay-error.ts';
import type { QueryNode } from '../ast/ast.ts';
import { parseSelect } from '../parse/parse-select.ts';
import type { SqlProblem } from '../sql-problem.ts';
import { gateQuery } from './gate-query.ts';

/**
 * Parses SQL that must be one SELECT of the subset. Whatever is handed to an engine comes through here.
 *
 * @throws the first problem of parser or gate, with all of them in `problems`.
 */
export async function parseGated(sql: string): Promise<QueryNode> {
  const { node, report } = await parseSelect(sql);
  if (node !== undefined) gateQuery(node, report);
  if (node === undefined || report.problems.length > 0) throw refusalOf(report.problems);
  return node;
}

/** The first of several problems as an error, with all of them in `problems`. */
export function refusalOf(problems: readonly SqlProblem[]): MargayError {
  const [first] = problems;
  if (first === undefined) return new MargayError('SQL_NOT_ONE_SELECT', 'The text is not one SELECT.');
  const { code, message, hint } = first;
  return new MargayError(code, message, {
    hint,
    problems: problems.map((problem) => ({
      code: problem.code,
      message: problem.message,
      hint: problem.hint,
      severity: problem.severity,
    })),
  });
}
