import type { Expression, FunctionCall } from '../ast/ast.ts';
import { childrenOf } from '../ast/walk.ts';
import { timestampOfText } from '../dialect/timestamp-text.ts';
import { castType, isInteger, type ValueType } from '../dialect/value-type.ts';
import type { Bindings } from '../scope/bound.ts';
import { inferType } from '../scope/infer-type.ts';
import type { Report } from '../sql-problem.ts';
import { type BoundSelect, expressionsOf, selectsOf, textOf } from './checked-query.ts';

/** Reports what is refused because of the types of values: whole-number division, list functions on JSON. */
export function checkValues(bindings: Bindings, report: Report): void {
  for (const select of selectsOf(bindings)) {
    for (const expression of expressionsOf(select.node)) {
      if (expression.class === 'FUNCTION') checkCall(expression, select, report);
      else checkConditions(expression, select, report);
      checkTimes(expression, select, report);
    }
  }
}

function checkCall(call: FunctionCall, select: BoundSelect, report: Report): void {
  const types = call.children.map((child) => inferType(child, select.types).type);
  const [first = 'OTHER'] = types;
  if (call.function_name === '/' && types.every(isInteger)) {
    const hint = 'Write CAST(x AS DOUBLE) / y, or floor(CAST(x AS DOUBLE) / y) for whole numbers.';
    report.add('SQL_DIVISION_REFUSED', call, 'Whole numbers are divided: 7 / 2 is 3.5 here and 3 elsewhere.', hint);
  }
  if (['list_at', 'list_contains', 'len'].includes(call.function_name) && isKnownType(first) && first !== 'VARCHAR[]') {
    const hint =
      first === 'JSON'
        ? "In JSON, write column->>'$[0]', or '$.key[0]' for what lies deeper."
        : 'Name a list column, such as p_any_ip_addresses.';
    report.add('SQL_TYPE_WRONG', call, `${call.function_name}() needs a list, and this is ${first}.`, hint);
  }
  if (call.filter) requireBoolean(call.filter, 'FILTER', select, report);
}

function checkConditions(expression: Expression, select: BoundSelect, report: Report): void {
  if (expression.class === 'CONJUNCTION') {
    const word = expression.type === 'CONJUNCTION_AND' ? 'AND' : 'OR';
    for (const child of expression.children) requireBoolean(child, word, select, report);
  } else if (expression.class === 'OPERATOR' && expression.type === 'OPERATOR_NOT') {
    for (const child of expression.children) requireBoolean(child, 'NOT', select, report);
  } else if (expression.class === 'CASE') {
    for (const check of expression.case_checks) requireBoolean(check.when_expr, 'WHEN', select, report);
  }
}

/** DuckDB converts numbers and texts to conditions; other engines don't, or otherwise. */
function requireBoolean(expression: Expression, word: string, select: BoundSelect, report: Report): void {
  const { type } = inferType(expression, select.types);
  if (type === 'BOOLEAN' || type === 'NULL' || !isKnownType(type)) return;
  report.add(
    'SQL_TYPE_WRONG',
    expression,
    `${word} needs a condition, and this is ${type}.`,
    'Compare it: x = 1, x IS NOT NULL.',
  );
}

function isKnownType(type: ValueType): boolean {
  return type !== 'OTHER';
}

/**
 * Texts that are read as times: DuckDB finds out only when the query runs, ignores the zone of
 * '2024-01-31T00:00:00+02:00', and reads forms that others don't.
 */
function checkTimes(expression: Expression, select: BoundSelect, report: Report): void {
  for (const literal of timeLiterals(expression, select)) {
    const text = textOf(literal);
    if (text === undefined || timestampOfText(text) !== undefined) continue;
    const hint = "Write TIMESTAMP '2024-01-31 00:00:00' (UTC, at most milliseconds).";
    report.add('SQL_TYPE_WRONG', literal, `'${text}' is not a time.`, hint);
  }
}

function timeLiterals(expression: Expression, select: BoundSelect): readonly Expression[] {
  if (expression.class === 'CAST') {
    return castType(expression.cast_type) === 'TIMESTAMP' && !expression.try_cast ? [expression.child] : [];
  }
  const isList = expression.class === 'OPERATOR' && /^COMPARE_(NOT_)?IN$/.test(expression.type);
  if (expression.class !== 'COMPARISON' && expression.class !== 'BETWEEN' && !isList) return [];
  const compared = childrenOf(expression);
  return compared.some((one) => inferType(one, select.types).type === 'TIMESTAMP') ? compared : [];
}
