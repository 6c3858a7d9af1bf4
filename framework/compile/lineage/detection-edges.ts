import type { Condition } from '../../model/condition.ts';
import type { Routing } from '../../model/destination.ts';
import type { Detection } from '../../model/detection.ts';
import type { LineageEdge, LineageField } from '../../model/lineage.ts';
import { resolveDestinations } from '../../model/resolve-destinations.ts';
import { parseTemplate, templatePaths } from '../../model/template.ts';

/** What a detection reads of its log types, or of its query. */
export function sourceEdges(detection: Detection): readonly LineageEdge[] {
  const { source, id } = detection;
  const fields = fieldsOf(detection);
  const from = source.kind === 'query' ? [`query:${source.query}`] : source.logTypes.map((name) => `log-type:${name}`);
  return from.map((key) => ({ from: key, to: `detection:${id}`, fields }));
}

/** Where its alerts go; what TypeScript may say is taken for said. */
export function destinationEdges(detection: Detection, routing: Routing): readonly LineageEdge[] {
  const { id, alert, mode, functions, destinations, level } = detection;
  if (!alert || mode !== 'live') return [];
  const isByCode = functions.includes('destinations') || (functions.includes('level') && destinations === undefined);
  const reachable = routing.destinations.filter(
    ({ levels }) => functions.includes('destinations') || levels.length > 0,
  );
  const names = isByCode ? reachable.map(({ name }) => name) : resolveDestinations(destinations, level, routing).names;
  return names.map((name) => ({ from: `detection:${id}`, to: `destination:${name}`, fields: [] }));
}

/** The fields that a detection reads, each with what becomes of it; each pair once. */
function fieldsOf(detection: Detection): readonly LineageField[] {
  const { condition, alertTitle, dedup, unique, context, renotify, functions } = detection;
  const to = (use: string, names: readonly string[]) => names.map((from) => ({ from, to: use }));
  const found = [
    ...to('condition', condition ? conditionFields(condition, '') : []),
    ...Object.entries(context).flatMap(([name, { from }]) => (from === undefined ? [] : [{ from, to: name }])),
    ...to('title', templatePaths(parseTemplate(alertTitle ?? ''))),
    ...to('dedup', dedup.by),
    ...to('unique', unique === undefined ? [] : [unique]),
    ...to('renotify', renotify),
    ...to('code', functions.length > 0 ? ['*'] : []),
  ];
  return [...new Map(found.map((field) => [JSON.stringify(field), field])).values()];
}

/** As the condition is written; keywords look at every field. */
function conditionFields(condition: Condition, prefix: string): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap((one) => conditionFields(one, prefix));
    case 'not':
      return conditionFields(condition.of, prefix);
    case 'element':
      return conditionFields(condition.of, `${prefix}${condition.field}[].`);
    case 'keyword':
      return ['*'];
    case 'field': {
      const { field, test } = condition;
      return [field, ...(test.op === 'fieldref' ? [test.field] : [])].map((name) => prefix + name);
    }
  }
}
