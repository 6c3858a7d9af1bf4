import type { LineageEdge, LineageGraph, LineageNode } from '../../model/lineage.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';

/**
 * A lineage as trees from what nothing comes before. What has several sources stands under each; what follows it,
 * only under the first.
 *
 * @param options.fields - Also say which fields pass along each edge.
 */
export function renderLineageTree(
  graph: LineageGraph,
  { fields, colors }: { readonly fields: boolean; readonly colors: Colors },
): string {
  const fed = new Set(graph.edges.map(({ to }) => to));
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  const shown = new Set<string>();
  const lines: string[] = [];

  const show = (node: LineageNode, edge: LineageEdge | undefined, head: string, rest: string): void => {
    const next = graph.edges.filter(({ from }) => from === node.key);
    const isAgain = shown.has(node.key) && next.length > 0;
    shown.add(node.key);
    const note = [node.kind.replace('-', ' '), node.note, ...(isAgain ? ['see above'] : [])].filter(Boolean).join(', ');
    const via = edge?.via === undefined ? '' : colors.dim(`${edge.via} → `);
    lines.push(`${head}${via}${visibleLine(node.name)}  ${colors.dim(note)}`);
    const below = isAgain ? [] : next;
    const bar = below.length > 0 ? `${rest}│    ` : `${rest}     `;
    if (fields && edge) for (const line of fieldLines(edge)) lines.push(colors.dim(bar + visibleLine(line)));
    for (const [index, one] of below.entries()) {
      const target = nodes.get(one.to);
      const isLast = index === below.length - 1;
      if (target) show(target, one, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`);
    }
  };

  for (const node of graph.nodes.filter(({ key }) => !fed.has(key))) show(node, undefined, '', '');
  // Only in a circle: a query that reads the matches of the detection over it.
  for (const node of graph.nodes) if (!shown.has(node.key)) show(node, undefined, '', '');
  return lines.join('\n');
}

/** `member ← target[0].alternateId`, one line for each thing that fields become. */
function fieldLines({ fields }: LineageEdge): readonly string[] {
  const sources = new Map<string, string[]>();
  for (const { from, to } of fields) sources.set(to, [...(sources.get(to) ?? []), from]);
  return [...sources].map(([to, from]) => `${to} ← ${from.join(', ')}`);
}
