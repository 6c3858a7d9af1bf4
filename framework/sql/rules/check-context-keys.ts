import { suggest } from '../../model/suggest.ts';
import type { Bindings } from '../scope/bound.ts';
import type { Report } from '../sql-problem.ts';
import { type Contexts, contextReads } from './context-reads.ts';

/** Reports keys of `p_alert_context` that none of the detections in question declares. */
export function checkContextKeys(bindings: Bindings, contexts: Contexts, report: Report): void {
  for (const { key, keyAt, detections } of contextReads(bindings, contexts)) {
    const keys = [...detections.values()].flatMap((declared) => Object.keys(declared));
    if (keys.includes(key)) continue;
    const ids = [...detections.keys()];
    const owner = ids.length === 1 ? `'${ids[0]}' declares` : `${ids.map((id) => `'${id}'`).join(' and ')} declare`;
    const hint = keys.length > 0 ? suggest(key, keys) : 'Declare it under context: in the detection.';
    report.add('SQL_CONTEXT_KEY_UNKNOWN', keyAt, `No context column '${key}' is among those that ${owner}.`, hint);
  }
}

/** A hint for an unknown column that some detection declares as context. */
export function explainContextKey(contexts: Contexts): (name: string) => string | undefined {
  const keys = new Set([...contexts.values()].flatMap((context) => Object.keys(context)));
  return (name) => (keys.has(name) ? `Write p_alert_context->>'${name}'.` : undefined);
}
