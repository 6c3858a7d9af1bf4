import type { Case } from '../../ast/ast.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { requireOneType } from './require-type.ts';

/** `CASE WHEN … THEN … ELSE … END`. */
export function printCase(expression: Case, context: PrintContext, print: Print): string {
  const checks = expression.case_checks;
  requireOneType([...checks.map((check) => check.then_expr), expression.else_expr], context, 'CASE');
  const parts = checks.flatMap((check) => [print(check.when_expr), print(check.then_expr)]);
  return call('m_case', ...parts, print(expression.else_expr));
}
