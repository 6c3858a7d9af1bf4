import type {
  Cast,
  ColumnRef,
  Comparison,
  Constant,
  Expression,
  Lambda,
  Operator,
  SubqueryExpression,
} from '../ast/ast.ts';
import { childrenOf } from '../ast/walk.ts';
import { refusedExpressions, refusedFunctions } from '../dialect/refused-names.ts';
import { castType } from '../dialect/value-type.ts';
import { isBigLiteral } from '../parse/lossless-json.ts';
import type { Report } from '../sql-problem.ts';
import { gateArrow } from './gate-arrow.ts';
import { gateFunction } from './gate-function.ts';
import { gateWindow } from './gate-window.ts';

/** Checks a query inside an expression or a FROM. */
export type GateInner = (node: { readonly type: string }) => void;

const operators = [
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'OPERATOR_COALESCE',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
];
const constants = ['INTEGER', 'BIGINT', 'DECIMAL', 'DOUBLE', 'VARCHAR', 'BOOLEAN', 'NULL'];

/** Deeper than any author writes, and shallow enough that no engine takes seconds to plan it. */
const maxDepth = 100;

/** Refuses an expression that is outside of the subset, and looks into those that are not. */
export function gateExpression(expression: Expression, report: Report, inner: GateInner, depth = 1): void {
  if (depth > maxDepth && childrenOf(expression).length > 0) {
    const message = `An expression nested more than ${maxDepth} deep is not in the portable subset.`;
    report.add('SQL_EXPRESSION_REFUSED', expression, message, 'Compute parts of it in a subquery.');
  } else if (gateOne(expression, report, inner)) {
    for (const child of childrenOf(expression)) gateExpression(child, report, inner, depth + 1);
  }
}

/** Whether to look at what is inside as well. */
function gateOne(expression: Expression, report: Report, inner: GateInner): boolean {
  switch (expression.class) {
    case 'COMPARISON':
      gateComparison(expression, report);
      return true;
    case 'CONJUNCTION':
    case 'BETWEEN':
    case 'CASE':
      return true;
    case 'COLUMN_REF':
      gateName(expression, report);
      return false;
    case 'CONSTANT':
      gateConstant(expression, report);
      return false;
    case 'FUNCTION':
      return gateFunction(expression, report);
    case 'LAMBDA':
      return gateLambda(expression, report);
    case 'OPERATOR':
      return gateOperator(expression, report);
    case 'CAST':
      return gateCast(expression, report);
    case 'SUBQUERY':
      gateSubquery(expression, report);
      inner(expression.subquery.node);
      return true;
    case 'WINDOW':
      return gateWindow(expression, report);
    default:
      refuse(expression, expression.class, report);
      return false;
  }
}

/**
 * DuckDB 1.5 makes `date_trunc('day', x) = TIMESTAMP '… 12:00'` false, and `<>` true, where x is NULL: its
 * optimizer sees that no day starts at noon, and forgets the NULL.
 */
function gateComparison(comparison: Comparison, report: Report): void {
  const sides = [comparison.left, comparison.right];
  const isEquality = /EQUAL$|DISTINCT_FROM$/.test(comparison.type) && !/THANOREQUALTO$/.test(comparison.type);
  if (!isEquality || !sides.some(isTruncation) || !sides.some(isFixedTime)) return;
  report.add(
    'SQL_EXPRESSION_REFUSED',
    comparison,
    'date_trunc compared with one time by = or <> is answered wrongly by DuckDB where the time is NULL.',
    "Write x >= TIMESTAMP '2024-01-31 00:00:00' AND x < TIMESTAMP '2024-02-01 00:00:00'.",
  );
}

function isTruncation(expression: Expression): boolean {
  return expression.class === 'FUNCTION' && expression.function_name === 'date_trunc';
}

function isFixedTime(expression: Expression): boolean {
  if (expression.class === 'CAST') return isFixedTime(expression.child);
  return (
    expression.class === 'CONSTANT' ||
    (expression.class === 'FUNCTION' && expression.function_name === 'p_current_timestamp')
  );
}

function gateName(ref: ColumnRef, report: Report): void {
  const [only = '', second] = ref.column_names;
  const refusal = second === undefined ? refusedFunctions.get(only.toLowerCase()) : undefined;
  if (refusal?.code === 'SQL_CLOCK_REFUSED')
    report.add(refusal.code, ref, `'${only}' ${refusal.reason}.`, refusal.instead);
}

function gateConstant(constant: Constant, report: Report): void {
  const { id } = constant.value.type;
  if (!constants.includes(id)) {
    const what = id === 'HUGEINT' ? 'A number this large' : `A literal of type ${id}`;
    report.add(
      'SQL_EXPRESSION_REFUSED',
      constant,
      `${what} is not in the portable subset.`,
      'Write a smaller number or a text.',
    );
  } else if (isBigLiteral(constant.value.value)) {
    report.add(
      'SQL_EXPRESSION_REFUSED',
      constant,
      'A number beyond 2^53 is not in the portable subset.',
      'Write a smaller number.',
    );
  }
}

function gateLambda(lambda: Lambda, report: Report): boolean {
  const isText = lambda.expr.class === 'CONSTANT' && lambda.expr.value.type.id === 'VARCHAR';
  if (isText) return gateArrow('->', lambda.lhs, lambda.expr, lambda, report);
  refuse(lambda, 'LAMBDA_REF', report);
  return false;
}

function gateOperator(operator: Operator, report: Report): boolean {
  if (operators.includes(operator.type)) return true;
  refuse(operator, operator.type, report);
  return false;
}

function gateCast(cast: Cast, report: Report): boolean {
  const type = castType(cast.cast_type);
  const isLiteral = cast.child.class === 'CONSTANT';
  if (type === 'OTHER' || (type === 'INTERVAL' && !isLiteral)) {
    const written = cast.cast_type.alias || cast.cast_type.id.replace('UNBOUND', 'a type of this name');
    const instead =
      written === 'DATE'
        ? "Write date_trunc('day', x) for the day, TIMESTAMP '2024-01-31 00:00:00' for a time."
        : 'Cast to VARCHAR, BIGINT, DOUBLE, BOOLEAN or TIMESTAMP (UTC).';
    report.add('SQL_EXPRESSION_REFUSED', cast, `A cast to ${written} is not in the portable subset.`, instead);
  }
  return true;
}

function gateSubquery(subquery: SubqueryExpression, report: Report): void {
  const isIn = subquery.subquery_type === 'ANY' && subquery.comparison_type === 'COMPARE_EQUAL';
  if (isIn || subquery.subquery_type === 'SCALAR' || subquery.subquery_type === 'EXISTS') return;
  report.add(
    'SQL_EXPRESSION_REFUSED',
    subquery,
    'A comparison with ANY or ALL of a subquery is not in the portable subset.',
    'Write IN (SELECT …) or EXISTS (SELECT …).',
  );
}

function refuse(expression: { readonly query_location?: unknown }, kind: string, report: Report): void {
  const [what, instead] = refusedExpressions[kind] ?? [
    `The expression (${kind.toLowerCase().replaceAll('_', ' ')})`,
    undefined,
  ];
  report.add('SQL_EXPRESSION_REFUSED', expression, `${what} is not in the portable subset.`, instead);
}
