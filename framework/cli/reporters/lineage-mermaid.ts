import type { LineageEdge, LineageGraph, LineageKind } from '../../model/lineage.ts';

/** More fields than this make an arrow unreadable. */
const maxShownFields = 4;

/** What stands around a label: events and tables are drums, queries lean, destinations are round. */
const shapes: Readonly<Record<LineageKind, readonly [string, string]>> = {
  'log-type': ['[(', ')]'],
  lookup: ['[(', ')]'],
  table: ['[(', ')]'],
  detection: ['[', ']'],
  query: ['[/', '/]'],
  destination: ['([', '])'],
};

/** A lineage as a fenced Mermaid block: GitHub draws it in Markdown, in comments and in job summaries. */
export function renderLineageMermaid({ nodes, edges }: LineageGraph): string {
  const ids = new Map(nodes.map(({ key }, index) => [key, `n${index}`]));
  const boxes = nodes.map(({ key, kind, name, note }) => {
    const [open, close] = shapes[kind];
    return `  ${ids.get(key)}${open}"${[name, note].filter(Boolean).map(escapeLabel).join('<br>')}"${close}`;
  });
  const arrows = edges.map((edge) => {
    const label = labelOf(edge);
    return `  ${ids.get(edge.from)} -->${label === '' ? '' : `|"${label}"|`} ${ids.get(edge.to)}`;
  });
  return ['```mermaid', 'flowchart LR', ...boxes, ...arrows, '```'].join('\n');
}

function labelOf({ via, fields }: LineageEdge): string {
  const names = [...new Set(fields.map(({ from }) => from))];
  const shown = names.slice(0, maxShownFields).map(escapeLabel).join(', ');
  const more = names.length > maxShownFields ? `, … (${names.length})` : '';
  return [via === undefined ? '' : escapeLabel(via), shown + more].filter(Boolean).join('<br>');
}

/** Everything that could end a label, or be read as markup, as a character code. */
function escapeLabel(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,:/@-]/gu, (character) => `#${character.codePointAt(0)};`);
}
