import type { SqlType } from '../../model/table.ts';

/**
 * The type of an expression. Besides those of columns: the narrower and wider numbers that arithmetic gives,
 * `NULL` for the bare literal, and `OTHER` for what no column of the lake has.
 */
export type ValueType = SqlType | 'INTEGER' | 'HUGEINT' | 'DECIMAL' | 'INTERVAL' | 'NULL' | 'OTHER';

/** How a function's result type follows: a type, the (first) argument's, or a rule. */
export type TypeRule = ValueType | 'same' | 'common' | 'arithmetic' | 'sum' | 'list';

/** An expression's type, and whether it can be NULL. */
export interface Typed {
  readonly type: ValueType;
  readonly nullable: boolean;
}

/** Numbers from the narrowest to the widest. */
const numbers: readonly ValueType[] = ['INTEGER', 'BIGINT', 'HUGEINT', 'DECIMAL', 'DOUBLE'];

/** Whether a type is a whole number. */
export function isInteger(type: ValueType): boolean {
  return type === 'INTEGER' || type === 'BIGINT' || type === 'HUGEINT';
}

/** Whether a type is a number. */
export function isNumber(type: ValueType): boolean {
  return numbers.includes(type);
}

/** The type that holds values of both, as in CASE, coalesce or UNION; `OTHER` when DuckDB would convert or refuse. */
export function commonType(left: ValueType, right: ValueType): ValueType {
  if (left === right) return left;
  if (left === 'NULL') return right;
  if (right === 'NULL') return left;
  if (isNumber(left) && isNumber(right)) {
    return numbers[Math.max(numbers.indexOf(left), numbers.indexOf(right))] ?? 'OTHER';
  }
  return 'OTHER';
}

/** The type that a CAST gives; `OTHER` for those outside of the subset. */
export function castType(type: { readonly id: string; readonly alias?: string | undefined }): ValueType {
  if (type.alias) return 'OTHER';
  const known: readonly string[] = ['VARCHAR', 'BIGINT', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'TIMESTAMP', 'INTERVAL'];
  return known.includes(type.id) ? (type.id as ValueType) : 'OTHER';
}

/** The type of a function's result. */
export function applyTypeRule(rule: TypeRule, args: readonly ValueType[]): ValueType {
  const first = args[0] ?? 'OTHER';
  switch (rule) {
    case 'same':
      return first;
    case 'common':
      return args.reduce(commonType);
    case 'arithmetic':
      return arithmeticType(args);
    case 'sum':
      return isInteger(first) ? 'HUGEINT' : first === 'BOOLEAN' ? 'HUGEINT' : first;
    case 'list':
      return first === 'VARCHAR' ? 'VARCHAR[]' : 'OTHER';
    default:
      return rule;
  }
}

function arithmeticType(args: readonly ValueType[]): ValueType {
  const [left = 'OTHER', right] = args;
  if (right === undefined) return left;
  if (left === 'TIMESTAMP') return right === 'INTERVAL' ? 'TIMESTAMP' : right === 'TIMESTAMP' ? 'INTERVAL' : 'OTHER';
  return commonType(left, right);
}
