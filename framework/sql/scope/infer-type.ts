import type { Constant, Expression, FunctionCall, SubqueryExpression, Window } from '../ast/ast.ts';
import { someExpression } from '../ast/walk.ts';
import { functions } from '../dialect/functions.ts';
import { applyTypeRule, castType, commonType, type Typed, type ValueType } from '../dialect/value-type.ts';
import type { Binding, Bindings } from './bound.ts';
import { isAggregate } from './is-aggregate.ts';

/** What types are inferred from. */
export interface TypeContext extends Pick<Bindings, 'columns' | 'queries'> {
  /** Whether aggregates run over groups, none of which is empty. */
  readonly isGrouped: boolean;
}

const unknown: Typed = { type: 'OTHER', nullable: true };

/**
 * The type of an expression and whether it can be NULL. Never claims more than it knows: an unknown type is
 * `OTHER`, and what isn't proven to have a value is nullable.
 */
export function inferType(expression: Expression, context: TypeContext): Typed {
  const infer = (one: Expression) => inferType(one, context);
  switch (expression.class) {
    case 'CONSTANT':
      return { type: constantType(expression), nullable: expression.value.is_null };
    case 'COLUMN_REF':
      return columnType(context.columns.get(expression), context);
    case 'FUNCTION':
      return functionType(expression, context);
    case 'COMPARISON': {
      const isDistinct = expression.type.endsWith('DISTINCT_FROM');
      return { type: 'BOOLEAN', nullable: !isDistinct && anyNullable([expression.left, expression.right].map(infer)) };
    }
    case 'CONJUNCTION':
      return { type: 'BOOLEAN', nullable: anyNullable(expression.children.map(infer)) };
    case 'BETWEEN':
      return {
        type: 'BOOLEAN',
        nullable: anyNullable([expression.input, expression.lower, expression.upper].map(infer)),
      };
    case 'OPERATOR':
      return operatorType(expression.type, expression.children.map(infer));
    case 'CAST':
      return {
        type: castType(expression.cast_type),
        nullable: expression.try_cast || infer(expression.child).nullable,
      };
    case 'CASE': {
      const branches = [...expression.case_checks.map((check) => infer(check.then_expr)), infer(expression.else_expr)];
      return { type: common(branches), nullable: anyNullable(branches) };
    }
    case 'LAMBDA':
      return { type: 'JSON', nullable: true };
    case 'SUBQUERY':
      return subqueryType(expression, context);
    case 'WINDOW':
      return windowType(expression, context);
    case 'STAR':
      return unknown;
    default:
      return unknown;
  }
}

/** A scalar subquery is NULL when it finds no row; only a bare aggregate always finds one. */
function subqueryType({ subquery_type: kind, subquery: { node } }: SubqueryExpression, context: TypeContext): Typed {
  if (kind !== 'SCALAR') return { type: 'BOOLEAN', nullable: kind !== 'EXISTS' };
  const output = context.queries.get(node)?.outputs[0];
  if (output === undefined) return unknown;
  const isOneRow =
    node.type === 'SELECT_NODE' &&
    node.group_expressions.length === 0 &&
    node.having === null &&
    node.modifiers.length === 0 &&
    node.select_list.some((one) => someExpression(one, isAggregate));
  return { type: output.type, nullable: !isOneRow || output.nullable };
}

/** A window is never empty: it holds the row itself. */
function windowType(window: Window, context: TypeContext): Typed {
  const [argument] = window.children;
  const name = window.function_name;
  if (name === 'lag' || name === 'lead') {
    const values = [argument, window.default_expr].flatMap((one) => (one ? [inferType(one, context)] : []));
    return values.length === 0 ? unknown : { type: common(values), nullable: true };
  }
  const rule = functions[name];
  if (rule?.kind !== 'aggregate') return { type: 'BIGINT', nullable: false };
  const typed = argument === undefined ? unknown : inferType(argument, context);
  const isNullable = rule.nulls !== 'never' && (typed.nullable || window.filter_expr !== null);
  return { type: applyTypeRule(rule.type, [typed.type]), nullable: isNullable };
}

function columnType(binding: Binding | undefined, context: TypeContext): Typed {
  if (binding === undefined) return unknown;
  if (binding.kind === 'alias') return inferType(binding.expression, context);
  return binding.field === undefined ? binding.column : { type: 'VARCHAR', nullable: true };
}

function constantType(constant: Constant): ValueType {
  const known: readonly string[] = ['INTEGER', 'BIGINT', 'HUGEINT', 'DECIMAL', 'DOUBLE', 'VARCHAR', 'BOOLEAN', 'NULL'];
  const { id } = constant.value.type;
  return known.includes(id) ? (id as ValueType) : 'OTHER';
}

function functionType(call: FunctionCall, context: TypeContext): Typed {
  const rule = functions[call.function_name];
  if (rule === undefined) return unknown;
  const args = call.children.map((child) => inferType(child, context));
  const type = applyTypeRule(
    rule.type,
    args.map((arg) => arg.type),
  );
  if (rule.nulls !== 'strict') return { type, nullable: rule.nulls === 'possible' };
  const mayBeEmpty = rule.kind === 'aggregate' && (!context.isGrouped || call.filter !== null);
  return { type, nullable: mayBeEmpty || anyNullable(args) };
}

function operatorType(kind: string, children: readonly Typed[]): Typed {
  if (kind === 'OPERATOR_COALESCE') {
    return { type: common(children), nullable: children.every((child) => child.nullable) };
  }
  const isNullTest = kind === 'OPERATOR_IS_NULL' || kind === 'OPERATOR_IS_NOT_NULL';
  return { type: 'BOOLEAN', nullable: !isNullTest && anyNullable(children) };
}

function common(typed: readonly Typed[]): ValueType {
  return typed.map((one) => one.type).reduce(commonType);
}

function anyNullable(typed: readonly Typed[]): boolean {
  return typed.some((one) => one.nullable);
}
