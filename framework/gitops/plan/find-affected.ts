import { affectedBy, type LineageGraph } from '../../model/lineage.ts';
import { type Plan, type PlanItem, type PlanKind, planKinds } from '../../model/plan.ts';
import { byKindAndId } from './list-items.ts';

/**
 * What reads from changed items and does not change itself, with the items that it has it from. Only a change of
 * logic or a removal reaches others; the lineage before shows whom a removal reaches, that after whom all else does.
 */
export function findAffected(
  items: readonly PlanItem[],
  lineages: { readonly before: LineageGraph | undefined; readonly after: LineageGraph },
): Plan['affected'] {
  const touched = new Set(items.map(({ kind, id }) => `${kind}:${id}`));
  const because = new Map<string, Set<string>>();
  for (const { kind, id, change, aspects, previousId } of items) {
    if (change === 'changed' && !aspects.includes('logic')) continue;
    const reached = [
      ...(lineages.before ? affectedBy(lineages.before, [`${kind}:${previousId ?? id}`]) : []),
      ...affectedBy(lineages.after, [`${kind}:${id}`]),
    ];
    for (const key of reached) {
      if (!touched.has(key)) because.set(key, (because.get(key) ?? new Set()).add(id));
    }
  }
  const exists = new Set(lineages.after.nodes.map(({ key }) => key));
  return [...because]
    .filter(([key]) => exists.has(key))
    .flatMap(([key, ids]) => {
      const [kind, id] = splitKey(key);
      return isPlanKind(kind) && kind !== 'destination' ? [{ kind, id, because: [...ids].sort() }] : [];
    })
    .sort(byKindAndId);
}

function splitKey(key: string): readonly [string, string] {
  const colon = key.indexOf(':');
  return [key.slice(0, colon), key.slice(colon + 1)];
}

function isPlanKind(kind: string): kind is PlanKind {
  return (planKinds as readonly string[]).includes(kind);
}
