import type { ContextColumn } from '../../model/detection.ts';
import type { Expression } from '../ast/ast.ts';
import { jsonSteps } from '../dialect/json-path.ts';
import type { Bindings } from '../scope/bound.ts';
import { expressionsOf, originOf, selectsOf, textOf } from './checked-query.ts';
import { detectionsOfUses } from './rule-references.ts';

/** Detection id → the context columns that it declares. */
export type Contexts = ReadonlyMap<string, Readonly<Record<string, ContextColumn>>>;

/** A place where a query reads a key of `p_alert_context` of detections that are known. */
export interface ContextRead {
  /** `p_alert_context->>'key'`, or a longer path, or `->`. */
  readonly expression: Expression;
  readonly key: string;
  readonly keyAt: Expression;
  /** Whether it is the column itself as text, not something inside it. */
  readonly isColumn: boolean;
  /** The detections whose matches are read, each with what it declares. */
  readonly detections: ReadonlyMap<string, Readonly<Record<string, ContextColumn>>>;
}

/**
 * The reads of `p_alert_context` whose detections are known: those where `p_rule_id` is compared with literals.
 * Elsewhere, and where an id is unknown (somebody else's error), nothing is claimed.
 */
export function contextReads(bindings: Bindings, contexts: Contexts): readonly ContextRead[] {
  const narrowed = detectionsOfUses(bindings);
  return selectsOf(bindings).flatMap(({ node }) =>
    expressionsOf(node).flatMap((expression): readonly ContextRead[] => {
      const read = readKey(expression);
      const origin = originOf(read?.from, bindings);
      if (read === undefined || origin?.use.table.name !== 'rule_matches' || origin.column !== 'p_alert_context')
        return [];
      const ids = [...(narrowed.get(origin.use) ?? [])];
      const detections = new Map(ids.flatMap((id) => withId(id, contexts.get(id))));
      if (ids.length === 0 || detections.size < ids.length) return [];
      const { key, keyAt, isColumn } = read;
      return [{ expression, key, keyAt, isColumn, detections }];
    }),
  );
}

function withId<T>(id: string, value: T | undefined): readonly [string, T][] {
  return value === undefined ? [] : [[id, value]];
}

function readKey(
  expression: Expression,
): ({ from: Expression | undefined } & Pick<ContextRead, 'key' | 'keyAt' | 'isColumn'>) | undefined {
  const isArrow = expression.class === 'FUNCTION' && expression.function_name === '->>';
  const [from, keyAt] = isArrow
    ? expression.children
    : expression.class === 'LAMBDA'
      ? [expression.lhs, expression.expr]
      : [];
  const steps = jsonSteps(textOf(keyAt) ?? '') ?? [];
  const [key] = steps;
  if (typeof key !== 'string' || keyAt === undefined) return undefined;
  return { from, key, keyAt, isColumn: isArrow && steps.length === 1 };
}
