import type { Bundle } from '../../model/bundle.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import { type ItemSnapshot, type PlanAspect, planAspects, planKinds } from '../../model/plan.ts';
import { sha256Digest } from '../../model/stable-id.ts';
import { detectionItem } from './items/detection-item.ts';
import type { DraftItem } from './items/draft-item.ts';
import { logTypeItem } from './items/log-type-item.ts';
import { lookupItem } from './items/lookup-item.ts';
import { queryItem } from './items/query-item.ts';
import { routingItems } from './items/routing-items.ts';

/** Everything in a bundle that a plan compares, by kind and id. */
export function listItems(bundle: Bundle): readonly ItemSnapshot[] {
  const drafts = [
    ...bundle.detections.map(detectionItem),
    ...bundle.queries.map(queryItem),
    ...bundle.logTypes.map(logTypeItem),
    ...bundle.lookups.map(lookupItem),
    ...routingItems(bundle),
  ];
  return drafts.map(takeDigests).sort(byKindAndId);
}

/** The order in which items are shown. */
export function byKindAndId(a: Pick<ItemSnapshot, 'kind' | 'id'>, b: Pick<ItemSnapshot, 'kind' | 'id'>): number {
  return planKinds.indexOf(a.kind) - planKinds.indexOf(b.kind) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function takeDigests(draft: DraftItem): ItemSnapshot {
  const digestOf = (aspect: PlanAspect): string => sha256Digest(canonicalJson(draft.aspects[aspect]));
  const [logic, routing, meta] = planAspects.map(digestOf) as [string, string, string];
  return { ...draft, digests: { logic, routing, meta } };
}
