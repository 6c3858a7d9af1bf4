import type { Expression, FunctionCall } from '../ast/ast.ts';
import { childrenOf } from '../ast/walk.ts';
import { castType, isNumber, type ValueType } from '../dialect/value-type.ts';
import type { Bindings } from '../scope/bound.ts';
import { inferType } from '../scope/infer-type.ts';
import type { Report } from '../sql-problem.ts';
import { type BoundSelect, expressionsOf, selectsOf, textOf } from './checked-query.ts';

/**
 * Reports what DuckDB binds without a word and then fails at in the first row: values that are compared though they
 * have no common type, texts that are no number, escapes of LIKE that are none.
 */
export function checkComparisons(bindings: Bindings, report: Report): void {
  for (const select of selectsOf(bindings)) {
    for (const expression of expressionsOf(select.node)) {
      if (isComparison(expression)) checkCompared(expression, select, report);
      else if (expression.class === 'CAST') checkCast(expression, report);
      else if (expression.class === 'FUNCTION' && expression.function_name.endsWith('like_escape'))
        checkEscape(expression, report);
    }
  }
}

function isComparison(expression: Expression): boolean {
  const { class: kind, type } = expression;
  return kind === 'COMPARISON' || kind === 'BETWEEN' || (kind === 'OPERATOR' && /^COMPARE_(NOT_)?IN$/.test(type));
}

/** The first of what is compared decides: `x` of `x = 1`, `x IN (…)`, `x BETWEEN … AND …`. */
function checkCompared(expression: Expression, select: BoundSelect, report: Report): void {
  const [first, ...others] = childrenOf(expression);
  if (!first) return;
  for (const other of others) {
    const problem = mismatch(first, other, select) ?? mismatch(other, first, select);
    if (problem) report.add('SQL_TYPE_WRONG', expression, problem.message, problem.hint);
    if (problem) return;
  }
}

function mismatch(
  one: Expression,
  other: Expression,
  select: BoundSelect,
): { readonly message: string; readonly hint: string } | undefined {
  const type = inferType(one, select.types).type;
  const otherType = inferType(other, select.types).type;
  const text = textOf(other);
  if (type === 'TIMESTAMP' && (isNumber(otherType) || otherType === 'BOOLEAN')) {
    const hint = "Write TIMESTAMP '2024-01-31 00:00:00', or another time.";
    return { message: `A TIMESTAMP is compared with ${otherType}.`, hint };
  }
  if (isNumber(type) && text !== undefined && !isConvertible(text, 'DOUBLE')) {
    return {
      message: `${type} is compared with '${text}', which is no number.`,
      hint: 'Write the number without quotes.',
    };
  }
  if (type === 'BOOLEAN' && text !== undefined && !isConvertible(text, 'BOOLEAN')) {
    return { message: `A condition is compared with '${text}'.`, hint: 'Write TRUE or FALSE.' };
  }
  if (type === 'VARCHAR' && isStored(one) && isNumber(otherType) && other.class === 'CONSTANT') {
    const hint = 'Put the number in quotes, or write TRY_CAST(x AS BIGINT) to compare by size.';
    return { message: `A text is compared with a number: DuckDB fails at the first text that is none.`, hint };
  }
  return undefined;
}

/** A column, or a field of one. */
function isStored(expression: Expression): boolean {
  return expression.class === 'COLUMN_REF' || (expression.class === 'FUNCTION' && expression.function_name === '->>');
}

function checkCast(cast: Extract<Expression, { class: 'CAST' }>, report: Report): void {
  const type = castType(cast.cast_type);
  const text = textOf(cast.child);
  if (cast.try_cast || text === undefined || isConvertible(text, type)) return;
  report.add('SQL_TYPE_WRONG', cast, `'${text}' is no ${type}.`, 'Write a value of that type.');
}

/** Whether DuckDB reads a text as a value of a type; of the types that other rules look at, always. */
function isConvertible(text: string, type: ValueType): boolean {
  if (type === 'BIGINT' || type === 'INTEGER' || type === 'DOUBLE')
    return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) || (type === 'DOUBLE' && isSpecial(text));
  return type !== 'BOOLEAN' || /^\s*(true|false|t|f|1|0|yes|no|y|n)\s*$/i.test(text);
}

function isSpecial(text: string): boolean {
  return /^\s*[+-]?(nan|inf|infinity)\s*$/i.test(text);
}

function checkEscape({ children }: FunctionCall, report: Report): void {
  const [, pattern, mark] = children;
  if (!pattern || !mark) return;
  const character = textOf(mark);
  if (character === undefined || [...character].length !== 1) {
    report.add('SQL_TYPE_WRONG', mark, 'ESCAPE needs one character.', "Write it as in LIKE '10!%' ESCAPE '!'.");
    return;
  }
  const text = textOf(pattern);
  if (text === undefined || endsWell(text, character)) return;
  const hint = `Write ${character}${character} for the character itself.`;
  report.add('SQL_TYPE_WRONG', pattern, `The pattern ends with its escape character '${character}'.`, hint);
}

/** Whether no escape character stands alone at the end of a pattern. */
function endsWell(pattern: string, mark: string): boolean {
  const characters = [...pattern];
  let at = 0;
  while (at < characters.length) at += characters[at] === mark ? 2 : 1;
  return at === characters.length;
}
