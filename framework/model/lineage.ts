/** What a node of the lineage stands for. `table`: one that no part of the content makes, or that all detections do. */
export type LineageKind = 'log-type' | 'lookup' | 'table' | 'detection' | 'query' | 'destination';

/** A part of the content, and what it gives to others. */
export interface LineageNode {
  /** `kind:name`, which is unique: a detection and a query may have the same id. */
  readonly key: string;
  readonly kind: LineageKind;
  /** The id of a detection, query or lookup, the name of everything else. */
  readonly name: string;
  /** What a reader wants to know besides: the level of a detection, the schedule of a query. */
  readonly note: string;
}

/** One field on its way from a node to the next. */
export interface LineageField {
  /** The field of a log type, a context column, a result column. `*`: TypeScript reads what it likes. `(rows)`: they are counted. */
  readonly from: string;
  /** What becomes of it: a context column, a result column; a use where it becomes none. */
  readonly to: string;
}

/** Data flows from one node to another. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  /** The table between a detection and a query. */
  readonly via?: string | undefined;
  readonly fields: readonly LineageField[];
}

/** Where data comes from and goes to: log type → detection → query → scheduled detection → destination. */
export interface LineageGraph {
  /** By kind, then by name. */
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}

/** The keys of everything that a change of these nodes can reach, without themselves, in the order of the graph. */
export function affectedBy(graph: LineageGraph, keys: Iterable<string>): readonly string[] {
  return reachable(graph, keys, ({ from, to }) => [from, to]);
}

/** The part of a graph that is up- or downstream of some nodes, with them. */
export function lineageAround(graph: LineageGraph, keys: readonly string[]): LineageGraph {
  const down = new Set([...keys, ...affectedBy(graph, keys)]);
  const up = new Set([...keys, ...reachable(graph, keys, ({ from, to }) => [to, from])]);
  return {
    nodes: graph.nodes.filter(({ key }) => down.has(key) || up.has(key)),
    edges: graph.edges.filter(({ from, to }) => (down.has(from) && down.has(to)) || (up.has(from) && up.has(to))),
  };
}

function reachable(
  { nodes, edges }: LineageGraph,
  keys: Iterable<string>,
  ends: (edge: LineageEdge) => readonly [string, string],
): readonly string[] {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const [near, far] = ends(edge);
    next.set(near, [...(next.get(near) ?? []), far]);
  }
  const start = new Set(keys);
  const seen = new Set(start);
  for (const key of seen) for (const far of next.get(key) ?? []) seen.add(far);
  return nodes.map(({ key }) => key).filter((key) => seen.has(key) && !start.has(key));
}
