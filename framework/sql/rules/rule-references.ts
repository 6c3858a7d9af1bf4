import type { Comparison, Expression, Operator } from '../ast/ast.ts';
import type { BaseUse, Bindings } from '../scope/bound.ts';
import type { Report } from '../sql-problem.ts';
import { expressionsOf, originOf, selectsOf, textOf } from './checked-query.ts';
import { type FilteringTerm, filteringTerms } from './filtering-terms.ts';

const equalities = ['COMPARE_EQUAL', 'COMPARE_NOTEQUAL', 'COMPARE_DISTINCT_FROM', 'COMPARE_NOT_DISTINCT_FROM'];

/** A detection id that a query compares `p_rule_id` (of alerts and errors: `rule_id`) with. */
export interface RuleReference {
  readonly ruleId: string;
  /** Where the literal stands, in characters. */
  readonly offset: number;
}

/** The detection ids that a query names, in the order of the text. */
export function findRuleReferences(bindings: Bindings, report: Report): readonly RuleReference[] {
  const found = new Map<number, RuleReference>();
  for (const { node } of selectsOf(bindings)) {
    for (const expression of expressionsOf(node)) {
      for (const literal of comparedWithRuleId(expression, bindings)?.literals ?? []) {
        const offset = report.offsetOf(literal) ?? 0;
        const ruleId = textOf(literal);
        if (ruleId !== undefined) found.set(offset, { ruleId, offset });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

/** The detections that a use of `rule_matches` is narrowed to by WHERE or ON; a use without is not in the map. */
export function detectionsOfUses(bindings: Bindings): ReadonlyMap<BaseUse, ReadonlySet<string>> {
  const ids = new Map<BaseUse, Set<string>>();
  for (const { node } of selectsOf(bindings)) {
    for (const filtering of filteringTerms(node, bindings)) {
      const narrowed = narrowing(filtering.term, filtering, bindings);
      if (narrowed === undefined) continue;
      const known = ids.get(narrowed.use) ?? new Set();
      for (const literal of narrowed.literals) known.add(textOf(literal) ?? '');
      ids.set(narrowed.use, known);
    }
  }
  return ids;
}

interface Compared {
  readonly use: BaseUse;
  readonly literals: readonly Expression[];
}

/** `p_rule_id = 'x'`, `p_rule_id IN ('x', 'y')`, and an OR of those about the same table. */
function narrowing(term: Expression, filtering: FilteringTerm, bindings: Bindings): Compared | undefined {
  if (term.class === 'CONJUNCTION' && term.type === 'CONJUNCTION_OR') {
    const branches = term.children.map((child) => narrowing(child, filtering, bindings));
    const [first] = branches;
    if (first === undefined || branches.some((branch) => branch?.use !== first.use)) return undefined;
    return { use: first.use, literals: branches.flatMap((branch) => branch?.literals ?? []) };
  }
  const isPositive = term.type === 'COMPARE_EQUAL' || term.type === 'COMPARE_IN';
  const [column] = sidesOf(term, bindings);
  const compared = isPositive && filtering.filtersColumn(column) ? comparedWithRuleId(term, bindings) : undefined;
  return compared?.literals.every((literal) => textOf(literal) !== undefined) ? compared : undefined;
}

function comparedWithRuleId(expression: Expression, bindings: Bindings): Compared | undefined {
  const [column, ...literals] = sidesOf(expression, bindings);
  const origin = originOf(column, bindings);
  return origin !== undefined && isRuleId(origin) ? { use: origin.use, literals } : undefined;
}

/** The column first, then what it is compared with. */
function sidesOf(expression: Expression, bindings: Bindings): readonly Expression[] {
  if (isEquality(expression)) {
    const { left, right } = expression;
    return originOf(left, bindings) === undefined ? [right, left] : [left, right];
  }
  return isList(expression) ? expression.children : [];
}

function isEquality(expression: Expression): expression is Comparison {
  return expression.class === 'COMPARISON' && equalities.includes(expression.type);
}

function isList(expression: Expression): expression is Operator {
  return expression.class === 'OPERATOR' && ['COMPARE_IN', 'COMPARE_NOT_IN'].includes(expression.type);
}

function isRuleId(origin: { readonly use: BaseUse; readonly column: string }): boolean {
  const { name } = origin.use.table;
  if (name === 'rule_matches') return origin.column === 'p_rule_id';
  return (name === 'alerts' || name === 'rule_errors') && origin.column === 'rule_id';
}
