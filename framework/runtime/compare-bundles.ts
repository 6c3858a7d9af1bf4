import type { Bundle } from '../model/bundle.ts';
import { canonicalJson } from '../model/canonical-json.ts';

/** What differs between two bundles, as `detection okta/mfa-bypass`; each list sorted. */
export interface BundleDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many items the first has. */
  readonly beforeCount: number;
}

interface Item {
  readonly name: string;
  /** Names that it continues. */
  readonly earlier: readonly string[];
  readonly text: string;
}

/** Compares what two bundles hold. One that continues another by `aliases` is changed, and nothing is removed then. */
export function compareBundles(before: Bundle | undefined, after: Bundle): BundleDifference {
  const old = before ? itemsOf(before) : new Map<string, Item>();
  const items = itemsOf(after);
  const predecessor = ({ name, earlier }: Item): Item | undefined =>
    old.get([name, ...earlier.filter((it) => !items.has(it))].find((it) => old.has(it)) ?? '');
  const continued = new Set([...items.values()].flatMap((item) => predecessor(item)?.name ?? []));
  const named = (keep: (item: Item) => boolean): readonly string[] =>
    [...items.values()].filter(keep).map(({ name }) => name);
  return {
    added: named((item) => !predecessor(item)),
    changed: named((item) => (predecessor(item)?.text ?? item.text) !== item.text),
    removed: [...old.keys()].filter((name) => !continued.has(name)),
    beforeCount: old.size,
  };
}

/** By name, sorted. */
function itemsOf(bundle: Bundle): ReadonlyMap<string, Item> {
  const item = (kind: string, id: string, value: unknown, aliases: readonly string[] = []): Item => ({
    name: `${kind} ${id}`,
    earlier: aliases.map((alias) => `${kind} ${alias}`),
    text: canonicalJson(value),
  });
  const items = [
    ...bundle.detections.map((it) => item('detection', it.id, it, it.aliases)),
    ...bundle.queries.map((it) => item('query', it.id, it)),
    ...bundle.logTypes.map((it) => item('log type', it.name, it)),
    ...bundle.lookups.map((it) => item('lookup', it.id, it)),
    ...bundle.routing.destinations.map((it) => item('destination', it.name, it)),
  ];
  return new Map(items.sort((a, b) => (a.name < b.name ? -1 : 1)).map((it) => [it.name, it]));
}
