import type { ContextColumn } from '../../model/detection.ts';
import { suggest } from '../../model/suggest.ts';
import type { Expression } from '../ast/ast.ts';
import { jsonSteps } from '../dialect/json-path.ts';
import type { Bindings } from '../scope/bound.ts';
import type { Report } from '../sql-problem.ts';
import { expressionsOf, originOf, selectsOf, textOf } from './checked-query.ts';
import { detectionsOfUses } from './rule-references.ts';

/**
 * Reports keys of `p_alert_context` that none of the detections in question declares. Which ones those are
 * is known where `p_rule_id` is compared with literals; elsewhere nothing is claimed.
 */
export function checkContextKeys(
  bindings: Bindings,
  contexts: ReadonlyMap<string, Readonly<Record<string, ContextColumn>>>,
  report: Report,
): void {
  const narrowed = detectionsOfUses(bindings);
  for (const { node } of selectsOf(bindings)) {
    for (const expression of expressionsOf(node)) {
      const read = readKey(expression);
      const origin = originOf(read?.from, bindings);
      if (read === undefined || origin?.use.table.name !== 'rule_matches' || origin.column !== 'p_alert_context')
        continue;
      const ids = [...(narrowed.get(origin.use) ?? [])];
      // An id that no detection has is somebody else's error.
      if (ids.length === 0 || ids.some((id) => !contexts.has(id))) continue;
      const keys = ids.flatMap((id) => Object.keys(contexts.get(id) ?? {}));
      if (keys.includes(read.key)) continue;
      const owner = ids.length === 1 ? `'${ids[0]}' declares` : `${ids.map((id) => `'${id}'`).join(' and ')} declare`;
      const hint = keys.length > 0 ? suggest(read.key, keys) : 'Declare it under context: in the detection.';
      report.add(
        'SQL_CONTEXT_KEY_UNKNOWN',
        read.at,
        `No context column '${read.key}' is among those that ${owner}.`,
        hint,
      );
    }
  }
}

/** A hint for an unknown column that some detection declares as context. */
export function explainContextKey(
  contexts: ReadonlyMap<string, Readonly<Record<string, ContextColumn>>>,
): (name: string) => string | undefined {
  const keys = new Set([...contexts.values()].flatMap((context) => Object.keys(context)));
  return (name) => (keys.has(name) ? `Write p_alert_context->>'${name}'.` : undefined);
}

function readKey(expression: Expression): { from: Expression | undefined; key: string; at: Expression } | undefined {
  const isArrow = expression.class === 'FUNCTION' && expression.function_name === '->>';
  const [from, key] = isArrow
    ? expression.children
    : expression.class === 'LAMBDA'
      ? [expression.lhs, expression.expr]
      : [];
  const first = jsonSteps(textOf(key) ?? '')?.[0];
  return typeof first === 'string' && key !== undefined ? { from, key: first, at: key } : undefined;
}
