import type { Bundle } from '../../model/bundle.ts';
import { type ItemSnapshot, type PlanItem, planAspects } from '../../model/plan.ts';
import { compareFields, compareShown } from './compare-fields.ts';
import { byKindAndId, listItems } from './list-items.ts';

/** An item on both sides; one of them may be missing. */
interface ItemPair {
  readonly before?: ItemSnapshot | undefined;
  readonly after?: ItemSnapshot | undefined;
}

/** What differs between two bundles. */
export interface BundleDiff {
  /** Those that differ, by kind and id. */
  readonly items: readonly PlanItem[];
  readonly unchangedCount: number;
}

/**
 * Compares what is live with what is to be. An item whose `aliases` name a live one continues it.
 *
 * @param before - `undefined`: nothing is live.
 */
export function diffBundles(before: Bundle | undefined, after: Bundle): BundleDiff {
  const pairs = pairItems(before ? listItems(before) : [], listItems(after));
  const items = pairs.flatMap((pair) => compareItem(pair) ?? []);
  return { items: items.sort(byKindAndId), unchangedCount: pairs.length - items.length };
}

function pairItems(before: readonly ItemSnapshot[], after: readonly ItemSnapshot[]): readonly ItemPair[] {
  const left = new Map(before.map((item) => [keyOf(item.kind, item.id), item]));
  const taken = new Set<string>();
  const kept = new Set(after.map((item) => keyOf(item.kind, item.id)));
  const pairs = after.map((item): ItemPair => {
    const keys = [item.id, ...item.aliases.toReversed()].map((id) => keyOf(item.kind, id));
    const key = keys.find((it, index) => left.has(it) && !taken.has(it) && (index === 0 || !kept.has(it)));
    if (key === undefined) return { after: item };
    taken.add(key);
    return { before: left.get(key), after: item };
  });
  const gone = before.filter((item) => !taken.has(keyOf(item.kind, item.id)));
  return [...pairs, ...gone.map((item): ItemPair => ({ before: item }))];
}

function keyOf(kind: string, id: string): string {
  return `${kind}:${id}`;
}

function compareItem({ before, after }: ItemPair): PlanItem | undefined {
  const item = (after ?? before) as ItemSnapshot;
  const { kind, id, title, owners, where } = item;
  const named = { kind, id, title, owners, ...(where ? { where } : {}) };
  if (!before) return { change: 'added', ...named, aspects: [], fields: [] };
  if (!after) return { change: 'removed', ...named, aspects: [], fields: [] };
  const aspects = planAspects.filter((aspect) => before.digests[aspect] !== after.digests[aspect]);
  if (aspects.length === 0 && before.id === after.id) return undefined;
  return {
    change: 'changed',
    ...named,
    ...(before.id === after.id ? {} : { previousId: before.id }),
    aspects,
    fields: [
      ...(aspects.includes('logic') ? compareShown(before, after) : []),
      ...aspects.flatMap((aspect) => compareFields(aspect, before, after)),
    ],
  };
}
